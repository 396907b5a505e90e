// Lead names: one canonical spelling, the standard 12-lead order, lookup by name.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace einthoven::signal {

/// The order of every 12-lead array of this library and of the reference systems.
inline constexpr std::array<std::string_view, 12> kStandardLeads = {
    "I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"};

/// "avr", "AVR", "ECG lead aVR", "Lead-aVR", "MDC_ECG_LEAD_aVR" -> "aVR", "V 2" -> "V2"; names that
/// are not known stay as they are (without blanks at the ends).
std::string canonical_lead(std::string_view name);

/// Canonical names, made unique ("ECG", "ECG_2"); empty ones become "signal_3".
std::vector<std::string> canonical_leads(const std::vector<std::string>& names);

/// Index in kStandardLeads of a name in any spelling.
std::optional<int> standard_lead_index(std::string_view name);

}  // namespace einthoven::signal
