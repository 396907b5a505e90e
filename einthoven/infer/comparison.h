// Evaluations of one or more models side by side, in a report.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/plot/html_report.h"

namespace einthoven::infer {

/// A name for people and the file or folder that it stands for.
using NamedPath = std::pair<std::string, fs::path>;

/// Appends, for each subset of the given results of `einthoven evaluate --format json`, a table of
/// the overall figures, a table per label and a chart of the AUROC per label with intervals. Data
/// error if a file is no such result.
void add_comparison(plot::HtmlReport& page, const std::vector<NamedPath>& evaluations);

}  // namespace einthoven::infer
