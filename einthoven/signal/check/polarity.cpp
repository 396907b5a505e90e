#include "einthoven/signal/check/polarity.h"

#include <fmt/core.h>

#include <cmath>

#include "einthoven/signal/check/electrode_order_weights.h"

namespace einthoven::signal {
namespace {

constexpr std::size_t kLimbTraces = 2;

struct Moments {
  double mean = 0, square = 0, cube = 0;
};

Moments moments(const MeanBeat& beat, std::size_t trace, MeanBeat::Window window) {
  Moments m;
  double samples = 0;
  for (std::size_t t = 0; t < beat.time_s.size(); ++t) {
    if (beat.time_s[t] < window.from_s || beat.time_s[t] >= window.to_s) continue;
    const double x = beat.traces[trace][t];
    m.mean += x;
    m.square += x * x;
    m.cube += x * x * x;
    ++samples;
  }
  return {m.mean / samples, m.square / samples, m.cube / samples};
}

/// Traces `begin` to `end` against their common root mean square; `weights`: of the means of all
/// traces, then of the cubes.
double upright(const MeanBeat& beat, MeanBeat::Window window, std::size_t begin, std::size_t end,
               const double* weights) {
  double square = 0, mean = 0, cube = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const Moments m = moments(beat, i, window);
    square += m.square / static_cast<double>(end - begin);
    mean += weights[i] * m.mean;
    cube += weights[MeanBeat::kTraces + i] * m.cube;
  }
  const double scale = std::sqrt(square) + MeanBeat::kTiny_mv;
  return mean / scale + cube / (scale * scale * scale);
}

}  // namespace

PolarityEvidence polarity_evidence(const MeanBeat& beat) {
  PolarityEvidence evidence;
  const double* weights = kPolarityWeights.data();
  for (const auto window : {MeanBeat::kP, MeanBeat::kQrs, MeanBeat::kT}) {
    evidence.limb -= 2 * upright(beat, window, 0, kLimbTraces, weights);
    evidence.chest -= 2 * upright(beat, window, kLimbTraces, MeanBeat::kTraces, weights);
    weights += 2 * MeanBeat::kTraces;
  }
  return evidence;
}

std::optional<Finding> check_polarity(const Recording& recording, const MeanBeat& beat) {
  const PolarityEvidence evidence = polarity_evidence(beat);
  Finding finding{"polarity", Severity::warning, {}, {}, evidence.limb + evidence.chest, {}, false};
  if (finding.value < kPolarityDoubtful) return std::nullopt;
  if (finding.value >= kPolarityFault && evidence.limb > 0 && evidence.chest > 0)
    finding.severity = Severity::fault;
  finding.text = fmt::format("all leads look inverted (log odds {:.1f})", finding.value);
  for (std::size_t l = 0; l < recording.lead_count(); ++l) finding.mend.push_back({l, l, -1});
  return finding;
}

}  // namespace einthoven::signal
