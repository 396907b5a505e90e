#include "einthoven/store/index_digest.h"

#include <fmt/core.h>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/hash.h"
#include "einthoven/store/schema.h"

namespace einthoven::store {
namespace {

constexpr const char* kDigestFile = "index.xxh128";
constexpr const char* kQuarantineFile = "quarantine.csv";

std::string line_of(const fs::path& file) {
  const std::string text = xxh128_file(file);
  return fmt::format("{}  {}\n", text.substr(text.find(':') + 1), kIndexFile);
}

std::string quarantine_table(Database& index) {
  CsvTable table;
  table.columns = {"idx", "path", "reason"};
  Statement all = index.prepare("SELECT idx, path, reason FROM quarantine ORDER BY idx");
  while (all.step()) table.rows.push_back({all.text(0), all.text(1), all.text(2)});
  return to_csv(table);
}

void ask_sqlite(Database& index, const fs::path& file) {
  Statement check = index.prepare("PRAGMA quick_check(1)");
  if (check.step() && check.text(0) != "ok")
    throw data_error(file.string(), "index", check.text(0));
}

}  // namespace

void write_quarantine(Database& index, const fs::path& store) {
  write_file_atomically(store / kQuarantineFile, quarantine_table(index));
}

void write_index_digests(const fs::path& store, std::initializer_list<const char*> files) {
  std::string lines;
  for (const char* file : files) lines += line_of(store / file);
  write_file_atomically(store / kDigestFile, lines);
}

void verify_index(const fs::path& store) {
  const fs::path file = store / kIndexFile;
  const bool has_digest = fs::exists(store / kDigestFile);
  if (has_digest && read_file(store / kDigestFile).find(line_of(file)) == std::string::npos)
    throw data_error(file.string(), "digest", fmt::format("differs from {}", kDigestFile));
  Database index(file, Database::Mode::read_only);
  if (!has_digest) ask_sqlite(index, file);
  const fs::path table = store / kQuarantineFile;
  if (fs::exists(table) && read_file(table) != quarantine_table(index))
    throw data_error(table.string(), "content", "differs from the index");
}

}  // namespace einthoven::store
