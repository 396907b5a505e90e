// What a check found in a recording, and how it could be mended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace einthoven::signal {

enum class Severity {
  note,     ///< worth knowing: paced spikes, powerline hum
  warning,  ///< doubtful: may be a fault, may be a rare heart
  fault,    ///< the recording is not what it says; `einthoven check` ends with exit code 1
};

/// "note", "warning" or "fault".
std::string_view severity_name(Severity severity);

/// The mended lead is `factor` times the stored lead `from` (indices in the recording).
struct LeadSource {
  std::size_t lead = 0;
  std::size_t from = 0;
  double factor = 1;
};

struct Finding {
  std::string check;  ///< "unit", "identity", "electrodes", ... (docs/check.md)
  Severity severity = Severity::note;
  std::string text;                ///< one line for people, without patient data
  std::vector<std::string> leads;  ///< concerned ones; empty: the whole recording
  double value = 0;                ///< the measured figure, in the unit that the text names
  std::vector<LeadSource> mend;    ///< leads that change; empty: cannot be mended
  /// False: another mend is possible; for people and for later checks, never for what is kept.
  bool certain = true;

  bool can_be_mended() const { return certain && !mend.empty(); }
};

/// The text behind the leads that it concerns: "V5, V6: look exchanged".
std::string described(const Finding& finding);

/// Applies `mend` to samples `[lead][length]`, float or double; all leads change at once.
template <typename Sample>
void apply_mend(std::span<const LeadSource> mend, std::span<Sample> samples, std::int64_t length);

}  // namespace einthoven::signal
