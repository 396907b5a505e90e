// Checks of recordings while a store is made, and what is done about their faults.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "einthoven/corpus/extract.h"

namespace einthoven::corpus {

enum class CheckPolicy {
  off,         ///< samples are those of the reference
  report,      ///< findings become notes
  quarantine,  ///< a recording with a fault is refused
  repair,      ///< faults are mended; a recording with one that cannot be is refused
};

/// "off", "report", "quarantine" or "repair"; usage error for another.
CheckPolicy parse_check_policy(std::string_view name);
std::string_view check_policy_name(CheckPolicy policy);

/// Checks the leads that the recording has (docs/check.md) and returns the findings as notes,
/// `check NAME SEVERITY: LEADS: TEXT`, with "; mended" behind what was mended in `extract`. Data
/// error with the finding if the policy refuses the recording.
std::vector<std::string> apply_checks(Extract& extract, const LeadSelection& leads,
                                      CheckPolicy policy, const std::string& path);

}  // namespace einthoven::corpus
