// The sample rate of files that give a duration instead of one.
#pragma once

#include <cstdint>

namespace einthoven::format {

/// The rate with the fewest decimals (at most six) at which `samples` last `seconds`, give or take
/// `rounding_s` and what double precision loses; samples / seconds if there is none.
double simple_rate(double samples, double seconds, double rounding_s = 0);

}  // namespace einthoven::format
