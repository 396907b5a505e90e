// An evaluation as text for people and as JSON for programs.
#pragma once

#include <string>
#include <vector>

#include "einthoven/infer/evaluate.h"

namespace einthoven::infer {

/// One line of figures a subset, then a table with intervals, overall and per label.
std::string report_text(const std::vector<SubsetEvaluation>& results, double level);

/// {"subsets": [{"subset", "rows", "stats", "overall", "labels", "files"}]}; figures that are not
/// defined (a label without positives) are null.
std::string report_json(const std::vector<SubsetEvaluation>& results);

}  // namespace einthoven::infer
