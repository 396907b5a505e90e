#include "einthoven/signal/simulator/beat_shape.h"

#include <algorithm>
#include <cmath>

namespace einthoven::signal::simulator {
namespace {

constexpr double kBoundShare = 0.03;
constexpr double kScanStep = 0.001;
constexpr double kReach = 4;  // standard deviations that a wave can be seen

double gaussian(double distance, double width) {
  const double z = distance / width;
  return std::exp(-0.5 * z * z);
}

}  // namespace

BeatShape adapted_to(const BeatShape& shape, double rr_s) {
  const double repolarisation = std::cbrt(std::clamp(rr_s, 0.3, 1.8));
  const double conduction = 0.9 + 0.1 * std::min(rr_s, 1.2);
  BeatShape adapted = shape;
  for (Wave& wave : adapted.waves) {
    if (wave.group == WaveGroup::qrs) continue;
    const bool atrial = wave.group == WaveGroup::p;
    wave.centre_s *= atrial ? conduction : repolarisation;
    if (!atrial) wave.width_s *= repolarisation;
  }
  return adapted;
}

Dipole dipole_at(const BeatShape& shape, WaveGroup group, double time_s) {
  Dipole sum;
  for (const Wave& wave : shape.waves)
    if (wave.group == group)
      sum = sum + wave.moment_mv * gaussian(time_s - wave.centre_s, wave.width_s);
  return sum;
}

std::optional<WaveBounds> bounds_of(const BeatShape& shape, WaveGroup group) {
  double start = INFINITY;
  double end = -INFINITY;
  for (const Wave& wave : shape.waves) {
    if (wave.group != group) continue;
    start = std::min(start, wave.centre_s - kReach * wave.width_s);
    end = std::max(end, wave.centre_s + kReach * wave.width_s);
  }
  if (end <= start) return std::nullopt;
  std::vector<double> size;
  for (double t = start; t <= end; t += kScanStep)
    size.push_back(dipole_at(shape, group, t).length());
  const auto peak = std::ranges::max_element(size);
  const auto visible = [limit = kBoundShare * *peak](double value) { return value >= limit; };
  const auto first = std::ranges::find_if(size, visible);
  const auto last = std::find_if(size.rbegin(), size.rend(), visible).base() - 1;
  const auto time_of = [&](auto at) {
    return start + kScanStep * static_cast<double>(at - size.begin());
  };
  return WaveBounds{time_of(first), time_of(peak), time_of(last)};
}

}  // namespace einthoven::signal::simulator
