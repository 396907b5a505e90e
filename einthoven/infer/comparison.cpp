#include "einthoven/infer/comparison.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/plot/interval_chart.h"

namespace einthoven::infer {
namespace {

using Json = nlohmann::ordered_json;

struct Entry {
  std::string name;
  Json subset;  ///< one element of "subsets"
};

plot::Estimate estimate(const Json& metric) {
  const auto value = [&](const char* key) {
    return metric.contains(key) && metric[key].is_number() ? metric[key].get<double>() : NAN;
  };
  return {value("estimate"), value("low"), value("high")};
}

std::string cell(const Json& metrics, const std::string& key) {
  if (!metrics.contains(key)) return "";
  const plot::Estimate e = estimate(metrics[key]);
  if (!std::isfinite(e.value)) return "undefined";
  return fmt::format("{:.3f} [{:.3f}, {:.3f}]", e.value, e.low, e.high);
}

plot::ReportTable overall_table(const std::vector<Entry>& entries) {
  plot::ReportTable table;
  table.columns = {"metric"};
  table.caption = "Estimate and bootstrap interval (95 %, patients drawn together)";
  for (const Entry& entry : entries) table.columns.push_back(entry.name);
  for (const auto& [metric, unused] : entries.front().subset.at("overall").items()) {
    table.rows.push_back({metric});
    for (const Entry& entry : entries)
      table.rows.back().push_back(cell(entry.subset.at("overall"), metric));
  }
  return table;
}

/// The entry of `label` among the labels of a subset, or nothing.
Json find_label(const Json& subset, const Json& label) {
  for (const Json& candidate : subset.at("labels"))
    if (candidate.at("label") == label) return candidate;
  return Json::object();
}

plot::ReportTable label_table(const std::vector<Entry>& entries) {
  plot::ReportTable table;
  table.columns = {"label", "positives"};
  table.caption = "AUROC per label";
  for (const Entry& entry : entries) table.columns.push_back(entry.name);
  for (const Json& label : entries.front().subset.at("labels")) {
    table.rows.push_back({label.at("label"), std::to_string(label.at("positives").get<int>())});
    for (const Entry& entry : entries)
      table.rows.back().push_back(cell(find_label(entry.subset, label.at("label")), "auroc"));
  }
  return table;
}

plot::IntervalChart label_chart(const std::vector<Entry>& entries) {
  plot::IntervalChart chart;
  chart.title = "AUROC per label";
  chart.x_label = "AUROC";
  for (const Entry& entry : entries) chart.groups.push_back({entry.name, {}});
  for (const Json& label : entries.front().subset.at("labels")) {
    chart.labels.push_back(label.at("label"));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Json found = find_label(entries[i].subset, label.at("label"));
      chart.groups[i].estimates.push_back(
          estimate(found.contains("auroc") ? found["auroc"] : Json::object()));
    }
  }
  return chart;
}

void add_subset(plot::HtmlReport& page, const std::vector<Entry>& entries) {
  const Json& first = entries.front().subset;
  page.paragraph(fmt::format("Subset \"{}\": {} segments.", first.at("subset").get<std::string>(),
                             first.at("rows").get<std::int64_t>()));
  if (first.at("overall").empty()) return;
  page.table(overall_table(entries));
  const plot::IntervalChart chart = label_chart(entries);
  page.picture(plot::draw_interval_chart(chart, plot::PictureFormat::svg), plot::PictureFormat::svg,
               chart.title, "AUROC of each label with its confidence interval");
  page.table(label_table(entries));
}

Json read_evaluation(const fs::path& path) {
  const Json result = Json::parse(read_file(path), nullptr, false);
  if (!result.is_object() || !result.contains("subsets"))
    throw data_error(path.string(), "subsets",
                     "is no result of `einthoven evaluate --format json`");
  return result;
}

}  // namespace

void add_comparison(plot::HtmlReport& page, const std::vector<NamedPath>& evaluations) {
  std::vector<std::string> order;
  std::vector<std::vector<Entry>> subsets;
  for (const auto& [name, path] : evaluations) {
    const Json result = read_evaluation(path);
    for (const Json& subset : result.at("subsets")) {
      const std::string key = subset.at("subset");
      auto place = std::find(order.begin(), order.end(), key);
      if (place == order.end()) {
        place = order.insert(order.end(), key);
        subsets.emplace_back();
      }
      subsets[static_cast<std::size_t>(place - order.begin())].push_back({name, subset});
    }
  }
  for (const auto& entries : subsets) add_subset(page, entries);
}

}  // namespace einthoven::infer
