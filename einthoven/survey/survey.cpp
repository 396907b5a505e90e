#include "einthoven/survey/survey.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "einthoven/base/error.h"
#include "einthoven/base/parallel.h"
#include "einthoven/base/progress.h"
#include "einthoven/format/recording_search.h"
#include "einthoven/format/wfdb_header.h"
#include "einthoven/format/wfdb_units.h"

namespace einthoven::survey {
namespace {

/// ADC units per mV of the recording's leads, if a WFDB header beside it tells.
std::vector<double> header_gains(const fs::path& path, const signal::Recording& recording) {
  fs::path header = path;
  header.replace_extension(".hea");
  if (path.extension() != ".hea" && !fs::exists(header)) header = path.string() + ".hea";
  if (!fs::exists(header)) return {};
  std::vector<double> gains;
  for (const auto& spec : format::read_wfdb_header(header).signals)
    if (const auto millivolts = format::millivolts_per(spec.units))
      gains.push_back(spec.gain / *millivolts);
  if (gains.size() != recording.lead_count()) gains.clear();
  return gains;
}

SurveyedRecord survey_one(const fs::path& path, const format::ReadOptions& read) {
  SurveyedRecord record;
  record.path = path.string();
  try {
    const signal::Recording recording = format::read_recording(path, read);
    record.rate_hz = recording.rate_hz;
    record.duration_s = recording.duration_s();
    record.leads = recording.lead_count();
    record.content_hash = signal::content_hash(recording);
    record.findings = signal::check_recording(recording, header_gains(path, recording));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::internal) throw;
    record.findings = {{"unreadable", signal::Severity::fault, error.message(), {}, 0, {}}};
  }
  return record;
}

void find_duplicates(std::vector<SurveyedRecord>& records) {
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].content_hash.empty()) continue;
    const auto [known, fresh] = first.try_emplace(records[i].content_hash, i);
    if (fresh) continue;
    records[i].findings.push_back({"duplicate",
                                   signal::Severity::warning,
                                   "same samples as " + records[known->second].path,
                                   {},
                                   0,
                                   {}});
  }
}

}  // namespace

std::vector<fs::path> recordings_at(const fs::path& path, const format::ReadOptions& read) {
  if (!fs::is_directory(path)) {
    if (!format::has_recording(path)) throw io_error(path.string(), "no such recording or folder");
    return format::recordings_in(path);
  }
  auto found = format::recordings_below(path, format::Unclear::leave_out, read);
  if (found.empty()) throw io_error(path.string(), "no recording in this folder");
  return found;
}

std::size_t Survey::count(signal::Severity at_least) const {
  return static_cast<std::size_t>(std::count_if(records.begin(), records.end(), [&](const auto& r) {
    return !r.findings.empty() && signal::worst(r.findings) >= at_least;
  }));
}

Survey survey_recordings(const std::vector<fs::path>& recordings, const format::ReadOptions& read,
                         int threads) {
  Survey survey;
  survey.records.resize(recordings.size());
  Progress progress("check", static_cast<std::int64_t>(recordings.size()));
  parallel_for(recordings.size(), thread_count(threads), [&](std::size_t i) {
    survey.records[i] = survey_one(recordings[i], read);
    progress.add();
  });
  progress.finish();
  find_duplicates(survey.records);
  return survey;
}

}  // namespace einthoven::survey
