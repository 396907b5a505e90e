#include "einthoven/infer/run_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/plot/html_report.h"
#include "einthoven/plot/line_chart.h"

namespace einthoven::infer {
namespace {

using Json = nlohmann::json;

std::vector<Json> read_log(const fs::path& run) {
  const fs::path path = run / "log.jsonl";
  const std::string text = read_file(path);
  std::vector<Json> records;
  for (const std::string_view line : split_lines(text)) {
    if (trim(line).empty()) continue;
    records.push_back(Json::parse(line, nullptr, false));
    if (!records.back().is_object())
      throw data_error(fmt::format("{}:{}", path.string(), records.size()), "line",
                       "is not a JSON object");
  }
  return records;
}

/// `key` of every record with that tag, over updates.
plot::Series curve(const std::vector<Json>& log, const std::string& tag, const std::string& key) {
  plot::Series series;
  series.name = tag == "train_inner" ? "train" : tag;
  series.dashed = tag != "train" && tag != "train_inner";
  for (const Json& record : log) {
    if (record.value("tag", "") != tag || !record.contains(key)) continue;
    series.x.push_back(record.value("num_updates", 0.0));
    series.y.push_back(record[key].is_number() ? record[key].get<double>() : NAN);
  }
  return series;
}

std::vector<std::string> tags_of(const std::vector<Json>& log) {
  std::vector<std::string> tags;
  for (const Json& record : log) {
    const std::string tag = record.value("tag", "");
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
  }
  // "train" repeats "train_inner" at coarser steps.
  if (std::find(tags.begin(), tags.end(), "train_inner") != tags.end()) std::erase(tags, "train");
  return tags;
}

void add_curves(plot::HtmlReport& page, const NamedPath& run) {
  const auto log = read_log(run.second);
  const auto tags = tags_of(log);
  page.section("Training: " + run.first);
  const std::pair<const char*, const char*> kCurves[] = {
      {"loss", "loss (bits)"}, {"accuracy", "accuracy"}, {"auroc", "AUROC"}};
  for (const auto& [key, label] : kCurves) {
    plot::LineChart chart{fmt::format("{}: {}", run.first, label), "updates", label, {}};
    for (const std::string& tag : tags) {
      auto series = curve(log, tag, key);
      if (!series.x.empty()) chart.series.push_back(std::move(series));
    }
    if (chart.series.empty()) continue;
    page.picture(plot::draw_line_chart(chart, plot::PictureFormat::svg), plot::PictureFormat::svg,
                 chart.title, fmt::format("{} over updates", label));
  }
}

void add_picture(plot::HtmlReport& page, const NamedPath& picture) {
  const std::string extension = lower(picture.second.extension().string());
  if (extension != ".png" && extension != ".svg")
    throw usage_error(
        fmt::format("{}: pictures of a report are .png or .svg", picture.second.string()));
  const auto format = extension == ".png" ? plot::PictureFormat::png : plot::PictureFormat::svg;
  page.picture(read_file(picture.second), format, picture.first, picture.first);
}

}  // namespace

void write_run_report(const RunReport& report, const fs::path& output) {
  plot::HtmlReport page(report.title);
  if (!report.evaluations.empty()) {
    page.section("Metrics");
    add_comparison(page, report.evaluations);
  }
  if (!report.pictures.empty()) {
    page.section("Pictures");
    for (const NamedPath& picture : report.pictures) add_picture(page, picture);
  }
  for (const NamedPath& run : report.runs) add_curves(page, run);
  if (!report.commands.empty()) page.section("What was run").code(read_file(report.commands));
  page.save(output);
}

}  // namespace einthoven::infer
