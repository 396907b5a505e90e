// A healthy recording for the tests of the checks.
#pragma once

#include <array>
#include <cmath>

#include "einthoven/signal/lead.h"
#include "einthoven/signal/recording.h"

namespace einthoven::signal {

/// Ten seconds at 500 Hz: a Gaussian P, QRS and T every second, slow breath, leads that
/// obey Einthoven's law.
inline Recording healthy_recording() {
  const std::vector<std::string> names(kStandardLeads.begin(), kStandardLeads.end());
  Recording recording(names, 5000, 500);
  constexpr double kI[3] = {0.08, 0.9, 0.1}, kII[3] = {0.15, 1.2, 0.35};  // P, QRS, T in mV
  constexpr double kChest[6][3] = {{0.05, -0.6, -0.05}, {0.05, -0.8, 0.5}, {0.05, -0.1, 0.5},
                                   {0.05, 1.1, 0.45},   {0.05, 1.4, 0.35}, {0.05, 1.1, 0.3}};
  const auto wave = [](double t, double at, double width) {
    return std::exp(-0.5 * ((t - at) / width) * ((t - at) / width));
  };
  for (std::int64_t n = 0; n < recording.length(); ++n) {
    const double t = std::fmod(static_cast<double>(n) / 500, 1);
    const double waves[3] = {wave(t, 0.3, 0.02), wave(t, 0.48, 0.012), wave(t, 0.75, 0.05)};
    const auto sum = [&](const double(&sizes)[3]) {
      return sizes[0] * waves[0] + sizes[1] * waves[1] + sizes[2] * waves[2];
    };
    const double breath = 0.02 * std::sin(1.3 * static_cast<double>(n) / 500);
    const double i = sum(kI) + breath, ii = sum(kII) + 0.3 * breath;
    const std::array<double, 6> limbs = {i, ii, ii - i, -(i + ii) / 2, i - ii / 2, ii - i / 2};
    for (std::size_t l = 0; l < 12; ++l)
      recording.lead(l)[static_cast<std::size_t>(n)] =
          static_cast<float>(l < 6 ? limbs[l] : sum(kChest[l - 6]) + breath);
  }
  return recording;
}

}  // namespace einthoven::signal
