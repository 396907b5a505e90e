// Which leads a question of ECG-QA speaks of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace einthoven::corpus {

/// Numbers of standard leads of "entire", "lead aVL", "chest leads", "inferolateral leads", ... As
/// in the reference, "posterior leads" are V4 to V6 (its first definition, V1 to V3, is
/// overwritten). Data error for another name.
const std::vector<std::int64_t>& lead_group(std::string_view name);

/// "lead aVL", "limb leads" or "chest leads" after " in " in a question, if it names one.
std::optional<std::string> lead_in_question(std::string_view question);

/// The group in "<attribute> in inferior leads" of a question; the names of all leads give
/// "entire".
std::optional<std::string> lead_group_of_attribute(std::string_view question,
                                                   std::string_view attribute);

/// The group that an attribute names itself ("myocardial infarction in lateral leads"), else
/// "entire".
std::string lead_group_in_attribute(std::string_view attribute);

}  // namespace einthoven::corpus
