#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <unordered_map>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/label_table.h"

namespace einthoven::store {
namespace {

/// As NumPy's round(): scaled, rounded half to even, scaled back.
double six_decimals(double value) { return std::nearbyint(value * 1e6) / 1e6; }

void count_row(const std::vector<std::uint8_t>& values, std::vector<LabelCount>& counts) {
  for (std::size_t c = 0; c < counts.size(); ++c) {
    counts[c].positive += values[c];
    ++counts[c].total;
  }
}

}  // namespace

double LabelCount::weight() const {
  if (positive == 0) return std::numeric_limits<double>::infinity();
  return (1 - share()) / share();
}

LabelStatistics count_labels(const LabelTable& labels, const LabelledSplits& splits) {
  std::unordered_map<std::int64_t, std::size_t> rows;
  for (std::size_t r = 0; r < labels.idx.size(); ++r) rows.emplace(labels.idx[r], r);
  LabelStatistics statistics;
  statistics.names = labels.names;
  statistics.all.resize(labels.names.size());
  if (splits.rows.empty()) {
    for (const auto& row : labels.values) count_row(row, statistics.all);
    return statistics;
  }
  for (const auto& [idx, split] : splits.rows) {
    const auto row = rows.find(idx);
    if (row == rows.end()) continue;
    auto& counts = statistics.splits[split];
    counts.resize(labels.names.size());
    count_row(labels.values[row->second], counts);
    count_row(labels.values[row->second], statistics.all);
  }
  if (statistics.splits.empty())
    throw data_error("labels", "splits", "no recording of the splits has labels");
  return statistics;
}

std::vector<std::vector<std::int64_t>> co_occurrence(const LabelTable& labels) {
  const std::size_t count = labels.names.size();
  std::vector<std::vector<std::int64_t>> both(count, std::vector<std::int64_t>(count, 0));
  for (const auto& row : labels.values)
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t j = 0; row[i] != 0 && j < count; ++j) both[i][j] += row[j];
  return both;
}

std::string LabelStatistics::csv() const {
  std::vector<std::string> header = {"name"};
  for (const char* statistic : {"pos_count", "pos_percent", "pos_weight"})
    for (const auto& split : splits) header.push_back(fmt::format("{}_{}", statistic, split.first));
  header.insert(header.end(), {"pos_count_all", "pos_percent_all"});
  std::string text = csv_line(header);
  for (std::size_t c = 0; c < names.size(); ++c) {
    std::vector<std::string> cells = {names[c]};
    for (const auto& split : splits) cells.push_back(std::to_string(split.second[c].positive));
    for (const auto& split : splits) cells.push_back(python_float(split.second[c].share()));
    for (const auto& split : splits) cells.push_back(python_float(split.second[c].weight()));
    cells.push_back(std::to_string(all[c].positive));
    cells.push_back(python_float(all[c].share()));
    text += csv_line(cells);
  }
  return text;
}

std::optional<std::string> LabelStatistics::pos_weight(std::optional<double> cap) const {
  const auto train = splits.find("train");
  if (train == splits.end()) return std::nullopt;
  std::vector<std::string> weights;
  for (const LabelCount& count : train->second) {
    const double weight = count.weight();
    weights.push_back(python_float(cap && std::isinf(weight) ? *cap : six_decimals(weight)));
  }
  return "[" + join(weights, ",") + "]";
}

}  // namespace einthoven::store
