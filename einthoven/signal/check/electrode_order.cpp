#include "einthoven/signal/check/electrode_order.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "einthoven/signal/check/electrode_order_weights.h"
#include "einthoven/signal/lead.h"

namespace einthoven::signal {
namespace {

/// Sums of products of all traces over a window.
struct Gram {
  double products[MeanBeat::kTraces][MeanBeat::kTraces] = {};
  double sums[MeanBeat::kTraces] = {};
  double samples = 0;
};

Gram gram_of(const MeanBeat& beat, MeanBeat::Window window) {
  Gram gram;
  for (std::size_t t = 0; t < beat.time_s.size(); ++t) {
    if (beat.time_s[t] < window.from_s || beat.time_s[t] >= window.to_s) continue;
    ++gram.samples;
    for (std::size_t i = 0; i < MeanBeat::kTraces; ++i) {
      gram.sums[i] += beat.traces[i][t];
      for (std::size_t j = 0; j < MeanBeat::kTraces; ++j)
        gram.products[i][j] += beat.traces[i][t] * beat.traces[j][t];
    }
  }
  return gram;
}

/// Cosines of the frontal vector's two traces with V1 to V6, and its mean direction.
using LimbFeatures = std::array<std::array<double, 21>, 2>;

LimbFeatures limb_features(const MeanBeat& beat) {
  LimbFeatures features;
  std::size_t at = 0;
  for (const auto window : {MeanBeat::kP, MeanBeat::kQrs, MeanBeat::kT}) {
    const Gram g = gram_of(beat, window);
    const double frontal = std::sqrt(g.products[0][0] + g.products[1][1]) + MeanBeat::kTiny_mv;
    for (std::size_t a = 0; a < 2; ++a) {
      for (std::size_t v = 0; v < 6; ++v)
        features[a][at + v] = g.products[a][2 + v] / frontal /
                              (std::sqrt(g.products[2 + v][2 + v]) + MeanBeat::kTiny_mv);
      features[a][at + 6] = g.sums[a] / frontal / std::sqrt(g.samples);
    }
    at += 7;
  }
  return features;
}

using Electrodes = std::array<std::size_t, 3>;  ///< whose potential RA, LA and LL get
constexpr std::array<Electrodes, 6> kExchanges = {
    {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};
constexpr std::size_t kInverted = kExchanges.size();

/// The frontal vector (x towards I, y towards aVF) after an exchange: lead I is LA - RA, and y is
/// the potential of LL, for which directions of RA, LA, LL 120 degrees apart are summed.
std::array<double, 4> frontal_matrix(std::size_t hypothesis) {
  if (hypothesis == kInverted) return {-1, 0, 0, -1};
  const double h = std::sqrt(3.0) / 2;
  const double directions[3][2] = {{-h, -0.5}, {h, -0.5}, {0, 1}};
  std::array<double, 4> matrix = {};
  for (std::size_t e = 0; e < 3; ++e)  // (2/3) sum of e's direction x direction of its source
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 2; ++j)
        matrix[2 * i + j] += 2.0 / 3 * directions[e][i] * directions[kExchanges[hypothesis][e]][j];
  return matrix;
}

double limb_score(const LimbFeatures& features, std::size_t hypothesis) {
  const auto m = frontal_matrix(hypothesis);
  double score = 0;
  for (std::size_t a = 0; a < 2; ++a)
    for (std::size_t k = 0; k < 21; ++k)
      score +=
          kLimbWeights[a * 21 + k] * (m[2 * a] * features[0][k] + m[2 * a + 1] * features[1][k]);
  return score;
}

OrderEvidence best_of(const std::vector<double>& scores) {
  const auto best = std::max_element(scores.begin() + 1, scores.end());
  return {static_cast<std::size_t>(best - scores.begin()), *best - scores[0]};
}

/// A rearrangement of V1 to V6.
struct Precordials {
  std::array<std::size_t, 6> from = {0, 1, 2, 3, 4, 5};
  std::array<double, 6> sign = {1, 1, 1, 1, 1, 1};
};

std::vector<Precordials> precordial_hypotheses() {
  std::vector<Precordials> all(1);
  for (std::size_t a = 0; a < 6; ++a)
    for (std::size_t b = a + 1; b < 6; ++b) {
      auto& from = all.emplace_back().from;
      std::swap(from[a], from[b]);
    }
  auto& turned = all.emplace_back().from;
  std::reverse(turned.begin(), turned.end());
  for (std::size_t a = 0; a < 6; ++a) all.emplace_back().sign[a] = -1;
  return all;
}

double precordial_score(const std::array<Gram, 2>& grams, const Precordials& h) {
  double score = 0;
  std::size_t k = 0;
  for (const Gram& g : grams) {
    double chest = 0;
    for (std::size_t v = 2; v < 8; ++v) chest += g.products[v][v] / 6;
    const double scale_chest = std::sqrt(chest) + MeanBeat::kTiny_mv;
    const double scale_frontal =
        std::sqrt((g.products[0][0] + g.products[1][1]) / 2) + MeanBeat::kTiny_mv;
    const auto source = [&](std::size_t i) { return i < 2 ? i : 2 + h.from[i - 2]; };
    const auto factor = [&](std::size_t i) {
      return i < 2 ? 1 / scale_frontal : h.sign[i - 2] / scale_chest;
    };
    for (std::size_t a = 0; a < 8; ++a)
      for (std::size_t b = std::max<std::size_t>(a, 2); b < 8; ++b)
        score += kPrecordialWeights[k++] * factor(a) * factor(b) * g.products[source(a)][source(b)];
  }
  return score;
}

std::optional<std::size_t> lead_of(const Recording& recording, std::size_t standard) {
  return recording.find_lead(kStandardLeads[standard]);
}

/// The lead that has `plus` and `minus` as electrodes (0 RA, 1 LA, 2 LL), and its sign.
std::pair<std::size_t, double> bipolar(std::size_t plus, std::size_t minus) {
  if (plus < minus) {
    const auto [lead, sign] = bipolar(minus, plus);
    return {lead, -sign};
  }
  return {plus + minus - 1, 1};  // LA-RA: I, LL-RA: II, LL-LA: III
}

/// How the six limb leads follow from the stored ones when the electrodes are put right.
std::vector<LeadSource> limb_mend(const Recording& recording, std::size_t hypothesis) {
  constexpr std::size_t kPlus[3] = {1, 2, 2}, kMinus[3] = {0, 0, 1};
  std::vector<LeadSource> mend;
  for (std::size_t i = 0; i < 6; ++i) {
    std::pair<std::size_t, double> source{i, -1};
    if (hypothesis != kInverted) {
      const Electrodes& e = kExchanges[hypothesis];
      source = i < 3 ? bipolar(e[kPlus[i]], e[kMinus[i]]) : std::pair{3 + e[i - 3], 1.0};
    }
    const auto lead = lead_of(recording, i);
    const auto from = lead_of(recording, source.first);
    if (!lead) continue;
    if (!from) return {};
    if (*lead != *from || source.second != 1) mend.push_back({*lead, *from, source.second});
  }
  return mend;
}

}  // namespace

OrderEvidence limb_electrode_evidence(const MeanBeat& beat) {
  const LimbFeatures features = limb_features(beat);
  std::vector<double> scores;
  for (std::size_t h = 0; h <= kInverted; ++h) scores.push_back(limb_score(features, h));
  return best_of(scores);
}

double limb_order_score(const MeanBeat& beat) { return limb_score(limb_features(beat), 0); }

OrderEvidence precordial_evidence(const MeanBeat& beat) {
  const std::array<Gram, 2> grams = {gram_of(beat, MeanBeat::kQrs), gram_of(beat, MeanBeat::kT)};
  std::vector<double> scores;
  for (const Precordials& h : precordial_hypotheses()) scores.push_back(precordial_score(grams, h));
  return best_of(scores);
}

std::optional<Finding> check_limb_electrodes(const Recording& recording, const MeanBeat& beat) {
  static constexpr const char* kTexts[] = {"",
                                           "LA and LL look exchanged",
                                           "RA and LA look exchanged",
                                           "RA, LA and LL look rotated",
                                           "RA, LA and LL look rotated",
                                           "RA and LL look exchanged",
                                           "all limb leads look inverted"};
  const OrderEvidence evidence = limb_electrode_evidence(beat);
  if (evidence.log_odds < kLimbDoubtful) return std::nullopt;
  Finding finding{"electrodes", Severity::warning, {}, {}, evidence.log_odds, {}, false};
  if (evidence.log_odds >= kLimbFault) finding.severity = Severity::fault;
  finding.text = fmt::format("{} (log odds {:.1f})", kTexts[evidence.hypothesis], finding.value);
  finding.mend = limb_mend(recording, evidence.hypothesis);
  for (const auto& source : finding.mend) finding.leads.push_back(recording.leads[source.lead]);
  return finding;
}

std::optional<Finding> check_precordial_electrodes(const Recording& recording,
                                                   const MeanBeat& beat) {
  const OrderEvidence evidence = precordial_evidence(beat);
  if (evidence.log_odds < kPrecordialDoubtful) return std::nullopt;
  const Precordials order = precordial_hypotheses()[evidence.hypothesis];
  Finding finding{"precordials", Severity::warning, {}, {}, evidence.log_odds, {}, false};
  if (evidence.log_odds >= kPrecordialFault) finding.severity = Severity::fault;
  bool inverted = false;
  for (std::size_t v = 0; v < 6; ++v) {
    if (order.from[v] == v && order.sign[v] == 1) continue;
    finding.mend.push_back(
        {*lead_of(recording, 6 + v), *lead_of(recording, 6 + order.from[v]), order.sign[v]});
    finding.leads.emplace_back(kStandardLeads[6 + v]);
    inverted = inverted || order.sign[v] < 0;
  }
  finding.text =
      fmt::format("look {} (log odds {:.1f})", inverted ? "inverted" : "exchanged", finding.value);
  return finding;
}

std::optional<Finding> check_neutral_electrode(const Recording& recording) {
  std::array<double, 3> deviations = {};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto at = lead_of(recording, i);
    if (!at) return std::nullopt;
    double sum = 0, squares = 0;
    const auto lead = recording.lead(*at);
    for (const float x : lead) {
      if (!std::isfinite(x)) return std::nullopt;
      sum += x;
      squares += double(x) * double(x);
    }
    const double n = std::max<double>(1, static_cast<double>(lead.size()));
    deviations[i] = std::sqrt(std::max(0.0, squares / n - sum / n * (sum / n)));
  }
  const auto [least, most] = std::minmax_element(deviations.begin(), deviations.end());
  if (*most == 0 || *least > 0.05 * *most) return std::nullopt;
  static constexpr const char* kTexts[] = {"I is nearly still: RL may be with both arms",
                                           "II is nearly still: RL may be exchanged with RA",
                                           "III is nearly still: RL may be exchanged with LA"};
  const auto which = static_cast<std::size_t>(least - deviations.begin());
  return Finding{"electrodes",  Severity::fault,
                 kTexts[which], {std::string(kStandardLeads[which])},
                 *least,        {}};
}

}  // namespace einthoven::signal
