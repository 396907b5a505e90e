#include "einthoven/survey/survey_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/json_text.h"
#include "einthoven/base/strings.h"
#include "einthoven/plot/ecg_paper.h"
#include "einthoven/plot/html_report.h"

namespace einthoven::survey {
namespace {

using signal::Severity;

/// Recordings with each check's findings, by severity.
using CheckCounts = std::map<std::string, std::array<std::size_t, 3>>;

CheckCounts count_checks(const Survey& survey) {
  CheckCounts counts;
  for (const auto& record : survey.records)
    for (const auto& finding : record.findings)
      ++counts[finding.check][static_cast<std::size_t>(finding.severity)];
  return counts;
}

std::string totals(const Survey& survey) {
  const std::size_t faults = survey.count(Severity::fault);
  const std::size_t doubtful = survey.count(Severity::warning) - faults;
  return fmt::format("{} recordings: {} with faults, {} with warnings", survey.records.size(),
                     faults, doubtful);
}

/// Recordings with findings, the worst first.
std::vector<const SurveyedRecord*> worst_first(const Survey& survey) {
  std::vector<const SurveyedRecord*> order;
  for (const auto& record : survey.records)
    if (!record.findings.empty()) order.push_back(&record);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    const auto rank = [](const SurveyedRecord& r) {
      return std::pair(signal::worst(r.findings), r.findings.size());
    };
    return rank(*a) > rank(*b);
  });
  return order;
}

void add_picture(plot::HtmlReport& report, const SurveyedRecord& record,
                 const format::ReadOptions& read) {
  std::string caption = record.path;
  for (const auto& finding : record.findings)
    caption += fmt::format("; {}: {}", finding.check, signal::described(finding));
  const auto recording = format::read_recording(record.path, read);
  plot::EcgPlotOptions options;
  options.dpi = 80;
  options.page.layout = plot::EcgLayout::twelve_by_one;
  report.picture(plot::draw_ecg(recording, options, plot::PictureFormat::png),
                 plot::PictureFormat::png, caption, "ECG of " + record.path);
}

}  // namespace

std::string survey_text(const Survey& survey, Severity least) {
  std::string text;
  for (const auto& record : survey.records)
    for (const auto& finding : record.findings)
      if (finding.severity >= least)
        text +=
            fmt::format("{}: {}: {}: {}\n", record.path, signal::severity_name(finding.severity),
                        finding.check, signal::described(finding));
  text += fmt::format("{:<12} {:>7} {:>9} {:>7}\n", "check", "faults", "warnings", "notes");
  for (const auto& [check, counts] : count_checks(survey))
    text += fmt::format("{:<12} {:>7} {:>9} {:>7}\n", check, counts[2], counts[1], counts[0]);
  return text + totals(survey) + "\n";
}

std::string survey_json(const Survey& survey) {
  nlohmann::ordered_json records = nlohmann::ordered_json::array();
  for (const auto& record : survey.records) {
    nlohmann::ordered_json findings = nlohmann::ordered_json::array();
    for (const auto& f : record.findings)
      findings.push_back({{"check", f.check},
                          {"severity", signal::severity_name(f.severity)},
                          {"leads", f.leads},
                          {"value", f.value},
                          {"text", f.text},
                          {"mendable", f.can_be_mended()}});
    records.push_back({{"path", record.path},
                       {"rate_hz", record.rate_hz},
                       {"duration_s", record.duration_s},
                       {"leads", record.leads},
                       {"content_hash", record.content_hash},
                       {"findings", findings}});
  }
  nlohmann::ordered_json checks = nlohmann::ordered_json::object();
  for (const auto& [check, counts] : count_checks(survey))
    checks[check] = {{"fault", counts[2]}, {"warning", counts[1]}, {"note", counts[0]}};
  const std::size_t faults = survey.count(Severity::fault);
  const nlohmann::ordered_json json = {
      {"records", records},
      {"summary",
       {{"recordings", survey.records.size()},
        {"with_faults", faults},
        {"with_warnings", survey.count(Severity::warning) - faults},
        {"checks", checks}}}};
  return json_text(json, 1) + "\n";
}

std::string survey_csv(const Survey& survey) {
  CsvTable table;
  table.columns = {"path", "check", "severity", "leads", "value", "text"};
  for (const auto& record : survey.records) {
    if (record.findings.empty()) table.rows.push_back({record.path, "none", "", "", "", ""});
    for (const auto& f : record.findings)
      table.rows.push_back({record.path, f.check, std::string(signal::severity_name(f.severity)),
                            join(f.leads, " "), fmt::format("{:.6g}", f.value), f.text});
  }
  return to_csv(table);
}

void write_survey_html(const Survey& survey, const format::ReadOptions& read, std::size_t pictures,
                       const fs::path& output) {
  plot::HtmlReport report("Checks of recordings");
  report.section("Summary").paragraph(totals(survey));
  plot::ReportTable checks{{"check", "faults", "warnings", "notes"}, {}};
  for (const auto& [check, counts] : count_checks(survey))
    checks.rows.push_back(
        {check, std::to_string(counts[2]), std::to_string(counts[1]), std::to_string(counts[0])});
  report.table(checks);
  report.section("Findings");
  plot::ReportTable findings{{"recording", "check", "severity", "finding"}, {}};
  const auto order = worst_first(survey);
  for (const auto* record : order)
    for (const auto& f : record->findings)
      findings.rows.push_back({record->path, f.check,
                               std::string(signal::severity_name(f.severity)),
                               signal::described(f)});
  report.table(findings);
  report.section("Worst recordings");
  std::size_t drawn = 0;
  for (const auto* record : order) {
    if (drawn == pictures) break;
    if (record->content_hash.empty()) continue;
    add_picture(report, *record, read);
    ++drawn;
  }
  report.save(output);
}

}  // namespace einthoven::survey
