// Checks of single leads: absent, invalid, flat, clipped and noisy samples, powerline hum.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "einthoven/signal/check/finding.h"
#include "einthoven/signal/recording.h"

namespace einthoven::signal {

/// Figures of one lead; everything over its valid samples.
struct LeadQuality {
  double invalid_share = 0;  ///< NaN or infinite samples
  double range_mv = 0;       ///< from the 1st to the 99th percentile: spikes do not count
  double flat_share = 0;     ///< in stretches of over one second without any change
  double clipped_share = 0;  ///< in runs of 12 ms or more at the largest or smallest value;
                             ///< held ends (padding) do not count
  double noise_mv = 0;   ///< median over 0.1 s windows of the deviation from a 30 ms moving average
  double wander_mv = 0;  ///< range of the one-second means
  std::optional<double> hum_50_mv;  ///< amplitude of a 50 Hz sine above its neighbourhood, if the
  std::optional<double> hum_60_mv;  ///< sample rate can show it

  bool flat() const { return flat_share > 0.9; }
  bool usable() const { return invalid_share < 0.5 && !flat(); }
};

LeadQuality measure_lead(std::span<const float> lead, double rate_hz);

/// What is to be said about them, one finding per kind of fault.
std::vector<Finding> judge_leads(const Recording& recording,
                                 const std::vector<LeadQuality>& qualities);

}  // namespace einthoven::signal
