#include "einthoven/store/record_filter.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/index_table.h"
#include "einthoven/store/store.h"

namespace einthoven::store {
namespace {

/// The cell of a column for each recording.
using ReadColumn = std::function<std::vector<std::string>(const std::string& name)>;

ReadColumn index_columns(const fs::path& store, const ManifestSource& source) {
  return [&, store](const std::string& name) {
    const bool note = name == "nan_any" || name == "constant_leads_any";
    const IndexColumn column =
        note ? read_noted(store, name == "nan_any" ? NotedFault::invalid : NotedFault::constant)
             : read_index_column(store, name);
    std::vector<std::string> cells;
    for (const ManifestRecord& record : source.records) cells.push_back(column.at(record.idx));
    return cells;
  };
}

ReadColumn meta_columns(const fs::path& path, const ManifestSource& source) {
  return [&, meta = read_csv(path)](const std::string& name) {
    const std::size_t file = meta.column("save_file");
    const std::size_t wanted = meta.column(name);
    std::unordered_map<std::string, std::string> by_name;
    for (const auto& row : meta.rows) by_name[fs::path(row[file]).stem().string()] = row[wanted];
    std::vector<std::string> cells;
    for (const ManifestRecord& record : source.records) cells.push_back(by_name[record.name]);
    return cells;
  };
}

ReadColumn columns_of(const fs::path& path, const ManifestSource& source) {
  if (source.in_store && is_store(path)) return index_columns(path, source);
  const fs::path meta = (fs::is_directory(path) ? path : path.parent_path()) / "meta.csv";
  if (!source.in_store && path.extension() != ".tsv" && fs::exists(meta))
    return meta_columns(meta, source);
  throw usage_error(fmt::format("{}: has no columns to choose recordings by", path.string()),
                    "want a store, or a folder with segmented.csv and meta.csv");
}

bool is_true(const std::string& cell) {
  const std::string text = lower(cell);
  return text == "true" || text == "1" || text == "1.0";
}

void keep_datasets(const std::vector<std::string>& cells, const std::vector<std::string>& wanted,
                   std::vector<bool>& kept) {
  for (const std::string& name : wanted)
    if (std::find(cells.begin(), cells.end(), name) == cells.end())
      throw data_error("dataset-subset", name,
                       "no recording has this dataset" + did_you_mean(name, cells));
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (std::find(wanted.begin(), wanted.end(), cells[i]) == wanted.end()) kept[i] = false;
}

}  // namespace

void filter_records(const fs::path& path, const RecordFilter& filter, ManifestSource& source) {
  if (filter.empty()) return;
  const ReadColumn read = columns_of(path, source);
  std::vector<bool> kept(source.records.size(), true);
  if (!filter.datasets.empty()) keep_datasets(read("dataset"), filter.datasets, kept);
  for (const std::string& name : filter.columns) {
    const std::vector<std::string> cells = read(name);
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (is_true(cells[i])) kept[i] = false;
  }
  std::vector<std::size_t> number(kept.size());
  std::vector<ManifestRecord> records;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    number[i] = records.size();
    if (kept[i]) records.push_back(std::move(source.records[i]));
  }
  if (records.empty()) throw data_error(path.string(), "recordings", "none is left to divide");
  std::erase_if(source.items, [&](const ManifestItem& item) { return !kept[item.record]; });
  for (ManifestItem& item : source.items) item.record = number[item.record];
  source.records = std::move(records);
}

}  // namespace einthoven::store
