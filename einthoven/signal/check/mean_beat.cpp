#include "einthoven/signal/check/mean_beat.h"

#include <algorithm>
#include <cmath>

#include "einthoven/signal/lead.h"

namespace einthoven::signal {
namespace {

using Traces = std::array<std::vector<double>, MeanBeat::kTraces>;

std::size_t samples(double seconds, double rate_hz) {
  return static_cast<std::size_t>(std::nearbyint(seconds * rate_hz));
}

/// Mean over an odd window around every sample, shorter at the ends.
std::vector<double> moving_average(const std::vector<double>& x, std::size_t window) {
  const std::size_t half = window / 2;
  std::vector<double> sums(x.size() + 1), out(x.size());
  for (std::size_t t = 0; t < x.size(); ++t) sums[t + 1] = sums[t] + x[t];
  for (std::size_t t = 0; t < x.size(); ++t) {
    const std::size_t from = t > half ? t - half : 0, to = std::min(t + half + 1, x.size());
    out[t] = (sums[to] - sums[from]) / static_cast<double>(to - from);
  }
  return out;
}

double median(std::vector<double>& values) {
  const std::size_t half = values.size() / 2;
  std::sort(values.begin(), values.end());
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::optional<Traces> traces_of(const Recording& recording, const std::vector<bool>& usable) {
  std::array<std::span<const float>, 9> leads;
  static constexpr std::array<int, 9> kNeeded = {0, 1, 2, 6, 7, 8, 9, 10, 11};
  for (std::size_t i = 0; i < leads.size(); ++i) {
    const auto at = recording.find_lead(kStandardLeads[static_cast<std::size_t>(kNeeded[i])]);
    if (!at || !usable[*at]) return std::nullopt;
    leads[i] = recording.lead(*at);
    if (!std::all_of(leads[i].begin(), leads[i].end(), [](float x) { return std::isfinite(x); }))
      return std::nullopt;
  }
  const auto n = static_cast<std::size_t>(recording.length());
  Traces traces;
  traces[0].assign(leads[0].begin(), leads[0].end());
  for (std::size_t t = 0; t < n; ++t)
    traces[1].push_back((double(leads[1][t]) + double(leads[2][t])) / std::sqrt(3.0));
  for (std::size_t v = 0; v < 6; ++v)
    traces[2 + v].assign(leads[3 + v].begin(), leads[3 + v].end());
  for (auto& trace : traces) {
    const auto base = moving_average(trace, samples(0.8, recording.rate_hz));
    for (std::size_t t = 0; t < n; ++t) trace[t] -= base[t];
    trace = moving_average(trace, samples(0.02, recording.rate_hz));
  }
  return traces;
}

/// Steepness of all traces together, smoothed over a QRS.
std::vector<double> steepness(const Traces& traces, double rate_hz) {
  std::vector<double> energy(traces[0].size());
  for (std::size_t i = 0; i < traces.size(); ++i)
    for (std::size_t t = 0; t + 1 < energy.size(); ++t) {
      const double step = traces[i][t + 1] - traces[i][t];
      energy[t] += step * step / (i < 2 ? 1 : 3);
    }
  for (double& e : energy) e = std::sqrt(e);
  return moving_average(energy, samples(0.1, rate_hz));
}

std::vector<std::size_t> find_beats(const std::vector<double>& steep, double rate_hz) {
  auto sorted = steep;
  const double at = 0.98 * static_cast<double>(steep.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  std::sort(sorted.begin(), sorted.end());
  const double high = sorted[std::min(low + 1, sorted.size() - 1)];
  const double top = sorted[low] + (at - static_cast<double>(low)) * (high - sorted[low]);
  const std::size_t reach = samples(0.25, rate_hz);
  std::vector<std::size_t> beats;
  for (std::size_t t = 0; t < steep.size(); ++t) {
    if (steep[t] <= top / 2 || (!beats.empty() && t - beats.back() <= reach)) continue;
    const auto from = steep.begin() + static_cast<std::ptrdiff_t>(t > reach ? t - reach : 0);
    const auto to =
        steep.begin() + static_cast<std::ptrdiff_t>(std::min(t + reach + 1, steep.size()));
    if (steep[t] >= *std::max_element(from, to)) beats.push_back(t);
  }
  return beats;
}

}  // namespace

std::optional<MeanBeat> mean_beat(const Recording& recording, const std::vector<bool>& usable) {
  if (recording.rate_hz < 50 || recording.duration_s() < 2) return std::nullopt;
  const auto traces = traces_of(recording, usable);
  if (!traces) return std::nullopt;
  const double rate = recording.rate_hz;
  const std::size_t before = samples(MeanBeat::kBefore_s, rate);
  const std::size_t after = samples(MeanBeat::kAfter_s, rate);
  auto beats = find_beats(steepness(*traces, rate), rate);
  std::erase_if(beats, [&](std::size_t t) {
    return t < before || t + after > static_cast<std::size_t>(recording.length());
  });
  if (beats.size() < 2) return std::nullopt;
  MeanBeat mean;
  mean.beats = beats.size();
  for (std::size_t k = 0; k < before + after; ++k)
    mean.time_s.push_back((static_cast<double>(k) - static_cast<double>(before)) / rate);
  std::vector<double> values;
  for (std::size_t i = 0; i < mean.traces.size(); ++i) {
    for (std::size_t k = 0; k < before + after; ++k) {
      values.clear();
      for (const std::size_t t : beats) values.push_back((*traces)[i][t - before + k]);
      mean.traces[i].push_back(median(values));
    }
    values.clear();
    for (std::size_t k = 0; k < before + after; ++k)
      if (mean.time_s[k] >= -0.09 && mean.time_s[k] < -0.06) values.push_back(mean.traces[i][k]);
    const double zero = values.empty() ? 0 : median(values);
    for (double& x : mean.traces[i]) x -= zero;
  }
  return mean;
}

}  // namespace einthoven::signal
