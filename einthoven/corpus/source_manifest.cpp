#include "einthoven/corpus/source_manifest.h"

#include <fmt/core.h>

#include <algorithm>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/database.h"
#include "einthoven/store/schema.h"

namespace einthoven::corpus {

std::int64_t next_idx(const fs::path& table) {
  if (!fs::exists(table)) return 0;
  const CsvTable rows = read_csv(table);
  const std::size_t column = rows.column("idx");
  std::int64_t next = 0;
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    const auto idx = parse_int(rows.rows[i][column]);
    if (!idx || *idx < 0)
      throw data_error(
          fmt::format("{}:{}", table.string(), i + 2), "idx",
          fmt::format("got {}, want a whole number", shown_number(rows.rows[i][column])));
    next = std::max(next, *idx + 1);
  }
  return next;
}

void add_to_source_manifest(const fs::path& table, const fs::path& store, const fs::path& source) {
  std::string text = fs::exists(table)
                         ? read_file(table)
                         : "idx,source,source_path,save_file,sample_rate,sample_size\n";
  if (!text.ends_with('\n')) text += '\n';
  const fs::path root = fs::absolute(source).lexically_normal();
  store::Database index(store / store::kIndexFile, store::Database::Mode::read_only);
  store::Statement rows = index.prepare(
      "SELECT idx, source, path, name, sample_rate, sample_size FROM records ORDER BY idx");
  while (rows.step())
    text += csv_line({std::to_string(rows.integer(0)), rows.text(1), (root / rows.text(2)).string(),
                      rows.text(3) + ".mat", fmt::format("{}", rows.real(4)),
                      std::to_string(rows.integer(5))});
  write_file_atomically(table, text);
}

}  // namespace einthoven::corpus
