// The samples of an HL7 aECG: sequence sets and where they lie in time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/format/limb_leads.h"
#include "einthoven/format/xml_document.h"

namespace einthoven::format {

/// The attribute `value` of a node below another.
std::string_view aecg_value(pugi::xml_node node, const char* path);

/// "20021122091000.002+0100" taken apart; the zone is not used.
struct AecgTime {
  std::string date, time;  ///< ISO 8601; empty: not given
  double seconds = 0;      ///< since 1970
};
std::optional<AecgTime> parse_aecg_time(std::string_view text);

/// Leads of one length with a common time axis.
struct AecgSequenceSet {
  std::optional<AecgTime> start;
  double offset_s = 0;  ///< of a relative time axis
  double step_s = 0;    ///< between samples; 0: not given
  std::vector<LeadSamples> leads;

  double start_s() const { return start ? start->seconds : offset_s; }
};

/// Data error if a unit, scale or sample is none.
AecgSequenceSet read_aecg_sequence_set(const XmlDocument& xml, pugi::xml_node set);

/// All sets on the time axis of the first, which is moved to the earliest: strips that follow each
/// other, or groups of leads one after the other as on a printed page. What no set covers is NaN.
/// Sets of another rate, at the same time as another in a lead, or far away (the whole would have
/// more than ten times the samples of all sets) are left out, with a note.
AecgSequenceSet on_one_time_axis(std::vector<AecgSequenceSet> sets,
                                 std::vector<std::string>& notes);

}  // namespace einthoven::format
