// The median beat of a recording, for checks of its shape.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "einthoven/signal/recording.h"

namespace einthoven::signal {

/// The median over all beats in eight independent traces: the frontal vector in orthonormal axes
/// (towards I, and towards aVF = (II + III)/sqrt(3)) and V1 to V6. Zero is the PR segment.
struct MeanBeat {
  static constexpr std::size_t kTraces = 8;
  static constexpr double kBefore_s = 0.28, kAfter_s = 0.42;  ///< around the middle of the QRS
  struct Window {
    double from_s, to_s;
  };
  static constexpr double kTiny_mv = 1e-6;  ///< keeps an empty window from dividing by zero
  static constexpr Window kP{-0.25, -0.08}, kQrs{-0.06, 0.07}, kT{0.12, 0.4};
  std::array<std::vector<double>, kTraces> traces;  ///< mV
  std::vector<double> time_s;
  std::size_t beats = 0;
};

/// Nothing if a limb lead or a precordial lead is absent, invalid or flat, or if there are fewer
/// than two whole beats.
std::optional<MeanBeat> mean_beat(const Recording& recording, const std::vector<bool>& usable);

}  // namespace einthoven::signal
