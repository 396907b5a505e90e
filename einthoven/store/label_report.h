// What `einthoven labels show` prints.
#pragma once

#include <string>

#include "einthoven/store/label_table.h"

namespace einthoven::store {

/// A table for people: count and percentage of every label, counts by part, recordings without a
/// label.
std::string label_report(const LabelTable& labels, const LabelStatistics& statistics);

/// Counts of pairs of labels, one line a label; columns in the order of the lines.
std::string co_occurrence_report(const LabelTable& labels);

/// {"recordings", "unlabelled", "labels": [{"name", "count", "share", "splits": {name: count}}],
/// "co_occurrence": [[...]]}.
std::string label_report_json(const LabelTable& labels, const LabelStatistics& statistics);

}  // namespace einthoven::store
