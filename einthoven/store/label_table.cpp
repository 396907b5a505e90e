#include "einthoven/store/label_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/npy.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/index_table.h"

namespace einthoven::store {
namespace {

constexpr std::int64_t kLargestIdx = std::int64_t{1} << 31;

std::int64_t idx_cell(const std::string& cell, const std::string& where) {
  const auto value = parse_double(cell);  // the reference writes "4.0" after some joins
  if (!value || *value < 0 || *value > static_cast<double>(kLargestIdx) ||
      *value != static_cast<double>(static_cast<std::int64_t>(*value)))
    throw data_error(where, "idx", fmt::format("not a row number (got {})", shown_number(cell)));
  return static_cast<std::int64_t>(*value);
}

std::uint8_t truth_cell(const std::string& cell, const std::string& where,
                        const std::string& column) {
  const std::string text = lower(cell);
  if (text == "true" || text == "1" || text == "1.0") return 1;
  if (text == "false" || text == "0" || text == "0.0" || text.empty()) return 0;
  throw data_error(where, column, fmt::format("not a truth value (got {})", shown_number(cell)));
}

/// Column of each code.
std::unordered_map<std::string, std::size_t> columns_of(const LabelClasses& classes) {
  std::unordered_map<std::string, std::size_t> columns;
  for (std::size_t c = 0; c < classes.codes.size(); ++c)
    for (const std::string& code : classes.codes[c]) columns.emplace(code, c);
  return columns;
}

void sort_by_idx(LabelTable& table, const std::string& where) {
  std::vector<std::size_t> order(table.idx.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return table.idx[a] < table.idx[b]; });
  LabelTable sorted{table.names, {}, {}, table.booleans};
  for (const std::size_t i : order) {
    if (!sorted.idx.empty() && sorted.idx.back() == table.idx[i])
      throw data_error(where, "idx", fmt::format("{} occurs twice", table.idx[i]));
    sorted.idx.push_back(table.idx[i]);
    sorted.values.push_back(std::move(table.values[i]));
  }
  table = std::move(sorted);
}

}  // namespace

std::string LabelTable::csv() const {
  std::vector<std::string> header = {"idx"};
  header.insert(header.end(), names.begin(), names.end());
  std::string text = csv_line(header);
  for (std::size_t r = 0; r < idx.size(); ++r) {
    text += std::to_string(idx[r]);
    for (const std::uint8_t value : values[r])
      text += booleans ? (value != 0 ? ",True" : ",False") : (value != 0 ? ",1" : ",0");
    text += '\n';
  }
  return text;
}

LabelTable labels_of_store(const fs::path& store, const std::vector<IndexLabel>& labels,
                           const LabelClasses& classes) {
  LabelTable table;
  table.names = classes.names;
  std::unordered_map<std::int64_t, std::size_t> rows;
  for (const IndexRecord& record : read_index_records(store)) {
    rows.emplace(record.idx, table.idx.size());
    table.idx.push_back(record.idx);
    table.values.emplace_back(classes.names.size(), std::uint8_t{0});
  }
  const auto columns = columns_of(classes);
  for (const IndexLabel& label : labels)
    if (const auto column = columns.find(label.name); column != columns.end())
      table.values[rows.at(label.idx)][column->second] = 1;
  return table;
}

LabelTable labels_of_diagnoses(const fs::path& path, const LabelClasses& classes) {
  const CsvTable meta = read_csv(path);
  const std::size_t idx = meta.column("idx");
  const std::size_t diagnosis = meta.column("diagnosis");
  const auto columns = columns_of(classes);
  LabelTable table;
  table.names = classes.names;
  for (const auto& row : meta.rows) {
    table.idx.push_back(idx_cell(row[idx], meta.source));
    std::vector<std::uint8_t> values(classes.names.size(), 0);
    for (const auto code : split(row[diagnosis], ','))
      if (const auto column = columns.find(std::string(trim(code))); column != columns.end())
        values[column->second] = 1;
    table.values.push_back(std::move(values));
  }
  sort_by_idx(table, meta.source);
  return table;
}

LabelTable labels_of_columns(const fs::path& path, const std::vector<std::string>& columns) {
  const CsvTable meta = read_csv(path);
  const std::size_t idx = meta.column("idx");
  std::vector<std::size_t> places;
  places.reserve(columns.size());
  for (const std::string& column : columns) places.push_back(meta.column(column));
  LabelTable table;
  table.names = columns;
  table.booleans = true;
  for (const auto& row : meta.rows) {
    table.idx.push_back(idx_cell(row[idx], meta.source));
    std::vector<std::uint8_t> values;
    for (std::size_t c = 0; c < columns.size(); ++c)
      values.push_back(truth_cell(row[places[c]], meta.source, columns[c]));
    table.values.push_back(std::move(values));
  }
  sort_by_idx(table, meta.source);
  return table;
}

LabelTable read_labels(const fs::path& path) {
  const CsvTable labels = read_csv(path);
  const std::size_t idx = labels.column("idx");
  LabelTable table;
  std::vector<std::size_t> places;
  for (std::size_t c = 0; c < labels.columns.size(); ++c) {
    const std::string& name = labels.columns[c];
    if (c == idx || name.substr(0, 7) == "Unnamed") continue;
    table.names.push_back(name);
    places.push_back(labels.column(name));
  }
  for (const auto& row : labels.rows) {
    table.idx.push_back(idx_cell(row[idx], labels.source));
    std::vector<std::uint8_t> values;
    for (const std::size_t place : places)
      values.push_back(truth_cell(row[place], labels.source, labels.columns[place]));
    table.values.push_back(std::move(values));
  }
  sort_by_idx(table, labels.source);
  return table;
}

void keep_labelled(LabelTable& table) {
  LabelTable kept{table.names, {}, {}, table.booleans};
  for (std::size_t r = 0; r < table.idx.size(); ++r) {
    if (std::find(table.values[r].begin(), table.values[r].end(), 1) == table.values[r].end())
      continue;
    kept.idx.push_back(table.idx[r]);
    kept.values.push_back(std::move(table.values[r]));
  }
  table = std::move(kept);
}

LabelledSplits read_splits(const fs::path& path) {
  const CsvTable table = read_csv(path);
  const std::size_t idx = table.column("idx");
  const std::size_t split = table.column("split");
  LabelledSplits splits;
  std::set<std::int64_t> seen;
  for (const auto& row : table.rows) {
    const std::int64_t number = idx_cell(row[idx], table.source);
    if (seen.insert(number).second) splits.rows.emplace_back(number, row[split]);
  }
  return splits;
}

void write_label_array(const fs::path& path, const LabelTable& labels,
                       const LabelledSplits& splits) {
  std::int64_t largest = -1;
  for (const std::int64_t idx : labels.idx) largest = std::max(largest, idx);
  for (const auto& row : splits.rows) largest = std::max(largest, row.first);
  const std::size_t width = labels.names.size();
  std::vector<double> y(static_cast<std::size_t>(largest + 1) * width, 0.0);
  for (std::size_t r = 0; r < labels.idx.size(); ++r)
    for (std::size_t c = 0; c < width; ++c)
      y[static_cast<std::size_t>(labels.idx[r]) * width + c] = labels.values[r][c];
  write_npy(path, {largest + 1, static_cast<std::int64_t>(width)}, std::span<const double>(y));
}

}  // namespace einthoven::store
