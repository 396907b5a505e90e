#include "einthoven/store/label_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "einthoven/base/json_text.h"

namespace einthoven::store {
namespace {

std::int64_t unlabelled(const LabelTable& labels) {
  return std::count_if(labels.values.begin(), labels.values.end(), [](const auto& row) {
    return std::find(row.begin(), row.end(), 1) == row.end();
  });
}

std::size_t name_width(const LabelTable& labels) {
  std::size_t width = 18;
  for (const std::string& name : labels.names) width = std::max(width, name.size());
  return width + 2;
}

}  // namespace

std::string label_report(const LabelTable& labels, const LabelStatistics& statistics) {
  const std::size_t width = name_width(labels);
  std::string text = fmt::format("{:<{}}{:>9}{:>9}", "label", width, "count", "percent");
  for (const auto& split : statistics.splits) text += fmt::format("{:>12}", split.first);
  text += '\n';
  for (std::size_t c = 0; c < statistics.names.size(); ++c) {
    const LabelCount& all = statistics.all[c];
    text += fmt::format("{:<{}}{:>9}{:>9.2f}", statistics.names[c], width, all.positive,
                        100 * all.share());
    for (const auto& split : statistics.splits)
      text += fmt::format("{:>12}", split.second[c].positive);
    text += '\n';
  }
  return text +
         fmt::format("{} recordings, {} without a label\n", labels.idx.size(), unlabelled(labels));
}

std::string co_occurrence_report(const LabelTable& labels) {
  const auto both = co_occurrence(labels);
  const std::size_t width = name_width(labels);
  std::string text = fmt::format("{:<{}}", "both", width);
  for (std::size_t c = 0; c < both.size(); ++c) text += fmt::format("{:>7}", c + 1);
  text += '\n';
  for (std::size_t r = 0; r < both.size(); ++r) {
    text += fmt::format("{:<{}}", fmt::format("{} {}", r + 1, labels.names[r]), width);
    for (const std::int64_t count : both[r]) text += fmt::format("{:>7}", count);
    text += '\n';
  }
  return text;
}

std::string label_report_json(const LabelTable& labels, const LabelStatistics& statistics) {
  nlohmann::ordered_json report;
  report["recordings"] = labels.idx.size();
  report["unlabelled"] = unlabelled(labels);
  report["labels"] = nlohmann::ordered_json::array();
  for (std::size_t c = 0; c < statistics.names.size(); ++c) {
    nlohmann::ordered_json label;
    label["name"] = statistics.names[c];
    label["count"] = statistics.all[c].positive;
    label["share"] = statistics.all[c].share();
    label["splits"] = nlohmann::ordered_json::object();
    for (const auto& split : statistics.splits)
      label["splits"][split.first] = split.second[c].positive;
    report["labels"].push_back(std::move(label));
  }
  report["co_occurrence"] = co_occurrence(labels);
  return json_text(report, 2) + "\n";
}

}  // namespace einthoven::store
