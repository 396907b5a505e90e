#include "einthoven/signal/check/identity.h"

#include <fmt/core.h>

#include "einthoven/base/strings.h"
#include "einthoven/signal/check/frontal_plane.h"

namespace einthoven::signal {
namespace {

void take_arrangement(Finding& finding, const Recording& recording, const FrontalPlane& plane,
                      const FrontalPlane::Arrangement& arrangement) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < arrangement.from.size(); ++i) {
    const std::size_t lead = plane.leads()[i], from = plane.leads()[arrangement.from[i]];
    const double sign = arrangement.sign[i];
    if (lead == from && sign == 1) continue;
    finding.leads.push_back(recording.leads[lead]);
    finding.mend.push_back({lead, from, sign});
    parts.push_back(fmt::format("{} is {}{}", recording.leads[lead], sign < 0 ? "-" : "",
                                recording.leads[from]));
  }
  finding.text = fmt::format("exchanged or inverted limb leads: truly {}", join(parts, ", "));
}

void take_factors(Finding& finding, const Recording& recording, const FrontalPlane& plane,
                  const std::vector<double>& factors) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    if (factors[i] > 0.97 && factors[i] < 1.03) continue;
    const std::size_t lead = plane.leads()[i];
    finding.leads.push_back(recording.leads[lead]);
    finding.mend.push_back({lead, lead, factors[i]});
    parts.push_back(fmt::format("{} by {:.3g}", recording.leads[lead], factors[i]));
  }
  finding.text =
      fmt::format("gains differ between limb leads: to be multiplied {}", join(parts, ", "));
}

}  // namespace

std::optional<Finding> check_identities(const Recording& recording,
                                        const std::vector<bool>& usable) {
  const FrontalPlane plane(recording, usable);
  if (!plane.testable()) return std::nullopt;
  const FrontalFit fit = plane.fit();
  if (fit.holds()) return std::nullopt;
  Finding finding{"identity", Severity::fault, {}, {}, fit.residual_mv, {}};
  if (const auto arrangement = plane.find_arrangement()) {
    take_arrangement(finding, recording, plane, *arrangement);
    return finding;
  }
  if (const auto factors = plane.find_factors()) {
    take_factors(finding, recording, plane, *factors);
    // Only one disturbed lead proves which lead is wrong; else the common scale stays unknown.
    if (finding.mend.size() * 2 >= plane.leads().size()) finding.mend.clear();
    return finding;
  }
  const double share = plane.share_outside(recording);
  if (share < 0.1) finding.severity = Severity::warning;
  finding.text = fmt::format(
      "limb leads break Einthoven's law by {:.3f} mV (of {:.3f} mV), in {:.1f} % of the time",
      fit.residual_mv, fit.signal_mv, 100 * share);
  return finding;
}

}  // namespace einthoven::signal
