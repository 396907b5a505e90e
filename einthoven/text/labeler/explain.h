// Why a report has its labels, for people and for machines.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "einthoven/text/labeler/labeler.h"

namespace einthoven::text {

/// The normalised text, a line for each pattern (place, kind, what it stands for), what the report
/// denies, and the labels with their probabilities.
std::string explain(const Labeler& labeler, const LabelledReport& report);

/// `{normalised, unmatched, matches: [{pattern, begin, end, kind, means}], denied: [...], findings:
/// [{group, slot, name, probability, source, descriptors}], labels: [{name, probability}]}`; places
/// are code points of the normalised text.
nlohmann::ordered_json explain_json(const Labeler& labeler, const LabelledReport& report,
                                    std::int64_t sample);

}  // namespace einthoven::text
