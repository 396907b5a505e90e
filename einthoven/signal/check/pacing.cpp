#include "einthoven/signal/check/pacing.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace einthoven::signal {
namespace {

constexpr double kLeastJump_mv = 0.3;
constexpr std::size_t kLeastSpikes = 4;

struct Spans {
  std::size_t jump, before, after, apart;  ///< samples
};

bool is_spike(std::span<const float> x, std::size_t t, const Spans& spans) {
  const double jump = double(x[t]) - double(x[t - spans.jump]);
  if (!(std::abs(jump) > kLeastJump_mv)) return false;
  const auto still = x.subspan(t - spans.jump - spans.before, spans.before + 1);
  const auto [least, most] = std::minmax_element(still.begin(), still.end());
  if (!(double(*most) - double(*least) <= 0.1 * std::abs(jump))) return false;
  const auto tail = x.subspan(t, spans.after + 1);
  const auto [bottom, top] = std::minmax_element(tail.begin(), tail.end());
  const double fall = jump > 0 ? double(x[t]) - double(*bottom) : double(*top) - double(x[t]);
  return fall >= 0.4 * std::abs(jump);
}

}  // namespace

std::optional<Finding> check_pacing(const Recording& recording) {
  const double rate = recording.rate_hz;
  if (rate < 250) return std::nullopt;
  const auto samples = [&](double seconds) {
    return static_cast<std::size_t>(std::max(1.0, std::round(seconds * rate)));
  };
  const Spans spans{samples(0.002), samples(0.010), samples(0.008), samples(0.2)};
  std::set<std::size_t> hits;
  for (std::size_t l = 0; l < recording.lead_count(); ++l) {
    const auto lead = recording.lead(l);
    for (std::size_t t = spans.before + spans.jump; t + spans.after < lead.size(); ++t)
      if (is_spike(lead, t, spans)) hits.insert(t);
  }
  std::vector<std::size_t> spikes;
  for (const std::size_t t : hits)
    if (spikes.empty() || t - spikes.back() >= spans.apart) spikes.push_back(t);
  if (spikes.size() < kLeastSpikes) return std::nullopt;
  return Finding{"paced",
                 Severity::note,
                 fmt::format("{} spikes like those of a pacemaker", spikes.size()),
                 {},
                 static_cast<double>(spikes.size()),
                 {}};
}

}  // namespace einthoven::signal
