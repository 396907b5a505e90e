// A survey as text, JSON, CSV or an HTML page with pictures of the worst recordings.
#pragma once

#include <string>

#include "einthoven/base/file.h"
#include "einthoven/survey/survey.h"

namespace einthoven::survey {

/// A line per finding of at least `least`, then a table of the checks with their numbers.
std::string survey_text(const Survey& survey, signal::Severity least);
/// {"records": [{"path", "rate_hz", "duration_s", "leads", "content_hash", "findings": [...]}],
/// "summary": {...}}.
std::string survey_json(const Survey& survey);
/// A row per finding: path, check, severity, leads, value, text; recordings without one have a row
/// with check "none".
std::string survey_csv(const Survey& survey);
/// Self-contained page; the `pictures` recordings with most severe and most findings are read again
/// and drawn. File paths are printed, header comments are not.
void write_survey_html(const Survey& survey, const format::ReadOptions& read, std::size_t pictures,
                       const fs::path& output);

}  // namespace einthoven::survey
