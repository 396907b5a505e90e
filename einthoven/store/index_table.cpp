#include "einthoven/store/index_table.h"

#include <fmt/core.h>

#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/database.h"
#include "einthoven/store/schema.h"

namespace einthoven::store {
namespace {

Database open_index(const fs::path& store) {
  return Database(store / kIndexFile, Database::Mode::read_only);
}

std::vector<std::string> texts(Database& index, std::string_view sql) {
  std::vector<std::string> values;
  Statement all = index.prepare(sql);
  while (all.step()) values.push_back(all.text(0));
  return values;
}

std::int64_t number(Database& index, std::string_view sql) {
  Statement one = index.prepare(sql);
  one.step();
  return one.integer(0);
}

std::vector<std::pair<std::string, std::int64_t>> counts(Database& index, std::string_view sql) {
  std::vector<std::pair<std::string, std::int64_t>> values;
  Statement all = index.prepare(sql);
  while (all.step()) values.emplace_back(all.text(0), all.integer(1));
  return values;
}

}  // namespace

const std::string& IndexColumn::at(std::int64_t idx) const {
  static const std::string none;
  const auto found = values_.find(idx);
  return found == values_.end() ? none : found->second;
}

IndexColumn read_index_column(const fs::path& store, const std::string& name) {
  Database index = open_index(store);
  const bool in_records = name == "source" || name == "dataset" || name == "name";
  IndexColumn column;
  const auto fill = [&](Statement& rows) {
    while (rows.step()) column.set(rows.integer(0), rows.text(1));
  };
  if (in_records) {
    Statement rows = index.prepare("SELECT idx, " + name + " FROM records");
    fill(rows);
    return column;
  }
  for (const char* sql : {"SELECT idx, value FROM fields WHERE name = ?",
                          "SELECT idx, split FROM splits WHERE scheme = ?"}) {
    Statement rows = index.prepare(sql);
    rows.bind(name);
    fill(rows);
    if (!column.empty()) return column;
  }
  auto known =
      texts(index, "SELECT DISTINCT name FROM fields UNION SELECT DISTINCT scheme FROM splits");
  known.insert(known.end(), {"dataset", "name", "patient", "source"});
  throw data_error(store.string(), "column",
                   fmt::format("no \"{}\" (there are: {})", name, join(known, ", ")));
}

std::vector<IndexLabel> read_index_labels(const fs::path& store, const std::string& kind) {
  Database index = open_index(store);
  Statement rows =
      index.prepare("SELECT idx, name, value FROM labels WHERE kind = ? ORDER BY idx, name");
  rows.bind(kind);
  std::vector<IndexLabel> labels;
  while (rows.step()) labels.push_back({rows.integer(0), rows.text(1), rows.real(2)});
  return labels;
}

std::vector<std::string> index_field_names(const fs::path& store) {
  Database index = open_index(store);
  return texts(index, "SELECT DISTINCT name FROM fields ORDER BY name");
}

IndexColumn read_noted(const fs::path& store, NotedFault fault) {
  Database index = open_index(store);
  Statement rows = index.prepare(
      fault == NotedFault::constant
          ? "SELECT DISTINCT idx FROM notes WHERE note LIKE 'lead %: constant'"
          : "SELECT DISTINCT idx FROM notes WHERE note LIKE 'lead %: absent' OR note LIKE "
            "'lead %: % invalid samples'");
  IndexColumn column;
  while (rows.step()) column.set(rows.integer(0), "True");
  return column;
}

std::vector<std::string> index_label_kinds(const fs::path& store) {
  Database index = open_index(store);
  return texts(index, "SELECT DISTINCT kind FROM labels ORDER BY kind");
}

std::vector<IndexRecord> read_index_records(const fs::path& store) {
  Database index = open_index(store);
  Statement rows = index.prepare("SELECT * FROM records ORDER BY idx");  // as in kSchema
  std::vector<IndexRecord> records;
  while (rows.step())
    records.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.text(5), rows.text(10)});
  return records;
}

StoreSummary summarise(const fs::path& store) {
  Database index = open_index(store);
  StoreSummary summary;
  summary.records = number(index, "SELECT count(*) FROM records");
  summary.segments = number(index, "SELECT count(*) FROM segments");
  summary.shards = number(index, "SELECT count(*) FROM shards");
  summary.patients = number(index, "SELECT count(DISTINCT patient) FROM records");
  summary.quarantined = number(index, "SELECT count(*) FROM quarantine");
  summary.datasets =
      counts(index, "SELECT dataset, count(*) FROM records GROUP BY dataset ORDER BY dataset");
  summary.labels = counts(index,
                          "SELECT kind || ': ' || name, count(*) FROM labels GROUP BY kind, name "
                          "ORDER BY kind, count(*) DESC, name");
  for (const auto& text : texts(index, "SELECT value FROM store WHERE key = 'options'"))
    summary.options_json = text;
  return summary;
}

}  // namespace einthoven::store
