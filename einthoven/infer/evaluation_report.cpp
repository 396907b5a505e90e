#include "einthoven/infer/evaluation_report.h"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "einthoven/base/json_text.h"

namespace einthoven::infer {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json interval_json(const std::vector<NamedInterval>& metrics) {
  Json out = Json::object();
  for (const NamedInterval& metric : metrics) {
    out[metric.name] = {{"estimate", number(metric.value.estimate)},
                        {"low", number(metric.value.low)},
                        {"high", number(metric.value.high)}};
  }
  return out;
}

std::string interval_text(const metric::Interval& value) {
  if (!std::isfinite(value.estimate)) return "undefined";
  if (!std::isfinite(value.low)) return fmt::format("{:.4f}", value.estimate);  // no replicates
  return fmt::format("{:.4f} [{:.4f}, {:.4f}]", value.estimate, value.low, value.high);
}

}  // namespace

std::string report_text(const std::vector<SubsetEvaluation>& results, double level) {
  std::string out;
  for (const SubsetEvaluation& result : results) {
    out += fmt::format("{} | rows {}", result.subset, result.rows);
    for (const auto& [name, value] : result.stats) out += fmt::format(" | {} {:.6g}", name, value);
    out += "\n";
    if (!result.overall.empty()) {
      out += fmt::format("  {:<44} estimate [{:g} % interval]\n", "overall", level * 100);
    }
    for (const NamedInterval& metric : result.overall) {
      out += fmt::format("  {:<44} {}\n", metric.name, interval_text(metric.value));
    }
    for (const LabelMetrics& label : result.labels) {
      out += fmt::format("  {:<44}", fmt::format("{} (n={})", label.label, label.positives));
      for (const NamedInterval& metric : label.metrics) {
        out += fmt::format(" {} {}", metric.name, interval_text(metric.value));
      }
      out += "\n";
    }
    for (const std::string& file : result.files) out += fmt::format("  wrote {}\n", file);
  }
  return out;
}

std::string report_json(const std::vector<SubsetEvaluation>& results) {
  Json subsets = Json::array();
  for (const SubsetEvaluation& result : results) {
    Json stats = Json::object();
    for (const auto& [name, value] : result.stats) stats[name] = number(value);
    Json labels = Json::array();
    for (const LabelMetrics& label : result.labels) {
      Json entry = {{"label", label.label}, {"positives", label.positives}};
      entry.update(interval_json(label.metrics));
      labels.push_back(std::move(entry));
    }
    subsets.push_back({{"subset", result.subset},
                       {"rows", result.rows},
                       {"stats", stats},
                       {"overall", interval_json(result.overall)},
                       {"labels", labels},
                       {"files", result.files}});
  }
  return json_text(Json({{"subsets", subsets}}), 2) + "\n";
}

}  // namespace einthoven::infer
