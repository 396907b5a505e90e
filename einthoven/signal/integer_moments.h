// Statistics of the integers of a recorder.
#pragma once

#include <cstdint>
#include <span>

namespace einthoven::signal {

/// Of one lead, in steps of its recorder.
struct IntegerMoments {
  double mean = 0;
  double deviation = 0;  ///< of the population (ddof 0)
  std::int16_t lowest = 0, highest = 0;
};

/// Sums of integers are exact, so these are the moments rounded once, unlike those of
/// zscore_moments(), which have the last bits of the reference. The lead has at most 2^22 samples,
/// and one at least.
IntegerMoments integer_moments(std::span<const std::int16_t> lead);

}  // namespace einthoven::signal
