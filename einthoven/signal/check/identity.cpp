#include "einthoven/signal/check/identity.h"

#include <fmt/core.h>

#include <algorithm>

#include "einthoven/base/strings.h"
#include "einthoven/signal/check/electrode_order.h"
#include "einthoven/signal/check/frontal_plane.h"
#include "einthoven/signal/check/mean_beat.h"

namespace einthoven::signal {
namespace {

using Arrangement = FrontalPlane::Arrangement;

std::vector<LeadSource> sources(const FrontalPlane& plane, const Arrangement& arrangement) {
  std::vector<LeadSource> mend;
  for (std::size_t i = 0; i < arrangement.from.size(); ++i)
    if (arrangement.from[i] != i || arrangement.sign[i] != 1)
      mend.push_back({plane.leads()[i], plane.leads()[arrangement.from[i]], arrangement.sign[i]});
  return mend;
}

/// How unlikely it is, in nats, that a file is wrong in this way: 3 an exchange of two leads or an
/// inverted lead. Any other order of the leads costs what two exchanges do, as whole orders differ.
double cost(const Arrangement& arrangement) {
  double inverted = 0, exchanges = 0;
  std::vector<bool> seen(arrangement.from.size());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    inverted += arrangement.sign[i] < 0 ? 1 : 0;
    for (std::size_t at = i; !seen[at]; at = arrangement.from[at]) {
      seen[at] = true;
      exchanges += at == i ? 0 : 1;  // a cycle of n leads is n - 1 exchanges
    }
  }
  return 3 * inverted + std::min(3 * exchanges, 6.0);
}

struct Candidate {
  std::vector<LeadSource> mend;
  double log_odds = 0;  ///< up to a constant
};

/// Arrangements that the identities cannot tell apart, the likeliest first: by what files tend to
/// have wrong, and by the shape of the beat that results.
std::vector<Candidate> candidates(const Recording& recording, const std::vector<bool>& usable,
                                  const FrontalPlane& plane) {
  constexpr std::size_t kMost = 24;  // a recording of nearly equal leads has thousands
  std::vector<Candidate> all;
  for (const auto& arrangement : plane.arrangements())
    all.push_back({sources(plane, arrangement), -cost(arrangement)});
  const auto by_odds = [](const Candidate& a, const Candidate& b) {
    return a.log_odds > b.log_odds;
  };
  std::stable_sort(all.begin(), all.end(), by_odds);
  all.resize(std::min(all.size(), kMost));
  for (auto& candidate : all) {
    Recording mended = recording;
    apply_mend<float>(candidate.mend, mended.samples(), mended.length());
    if (const auto beat = mean_beat(mended, usable)) candidate.log_odds += limb_order_score(*beat);
  }
  std::stable_sort(all.begin(), all.end(), by_odds);
  return all;
}

std::string mend_text(const Recording& recording, const std::vector<LeadSource>& mend) {
  std::vector<std::string> parts;
  for (const auto& source : mend)
    parts.push_back(fmt::format("{} is {}{}", recording.leads[source.lead],
                                source.factor < 0 ? "-" : "", recording.leads[source.from]));
  return join(parts, ", ");
}

void take_arrangement(Finding& finding, const Recording& recording,
                      const std::vector<Candidate>& all) {
  constexpr double kProof = 3;  // 20 to 1 against the next
  finding.mend = all[0].mend;
  for (const auto& source : finding.mend) finding.leads.push_back(recording.leads[source.lead]);
  finding.text =
      fmt::format("exchanged or inverted limb leads: truly {}", mend_text(recording, finding.mend));
  finding.certain = all.size() == 1 || all[0].log_odds - all[1].log_odds >= kProof;
  if (!finding.certain) finding.text += fmt::format("; or {}", mend_text(recording, all[1].mend));
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
  if (const auto all = candidates(recording, usable, plane); !all.empty()) {
    take_arrangement(finding, recording, all);
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
