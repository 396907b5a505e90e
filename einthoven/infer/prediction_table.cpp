#include "einthoven/infer/prediction_table.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/json_text.h"
#include "einthoven/base/npy.h"
#include "einthoven/base/strings.h"

namespace einthoven::infer {

std::string PredictionTable::json() const {
  using Json = nlohmann::ordered_json;
  Json recordings = Json::array();
  for (const PredictionRow& row : rows) {
    Json values = Json::object();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      values[columns[i]] = Json::parse(python_float(row.values[i]), nullptr, false);
      if (values[columns[i]].is_discarded()) values[columns[i]] = nullptr;  // NaN
    }
    Json entry = {{"name", row.name}, {"segments", row.segments}, {"probabilities", values}};
    if (!row.notes.empty()) entry["notes"] = row.notes;
    recordings.push_back(std::move(entry));
  }
  Json failed = Json::array();
  for (const Failure& failure : failures) {
    failed.push_back({{"name", failure.name}, {"reason", failure.reason}});
  }
  const Json out = {{"labels", columns}, {"recordings", recordings}, {"failed", failed}};
  return json_text(out, 2) + "\n";
}

std::string PredictionTable::csv() const {
  std::vector<std::string> header = {"name", "segments"};
  header.insert(header.end(), columns.begin(), columns.end());
  std::string out = csv_line(header);
  for (const PredictionRow& row : rows) {
    std::vector<std::string> cells = {row.name, std::to_string(row.segments)};
    for (const float value : row.values) cells.push_back(python_float(value));
    out += csv_line(cells);
  }
  return out;
}

std::string PredictionTable::npy() const {
  std::string out = npy_header(
      "<f4", {static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(columns.size())});
  for (const PredictionRow& row : rows) {
    out.append(reinterpret_cast<const char*>(row.values.data()), row.values.size() * sizeof(float));
  }
  return out;
}

std::string PredictionTable::format(std::string_view kind) const {
  if (kind == "json") return json();
  if (kind == "csv") return csv();
  if (kind == "npy") return npy();
  throw usage_error(fmt::format("--format: want json, csv or npy, got {}", kind));
}

}  // namespace einthoven::infer
