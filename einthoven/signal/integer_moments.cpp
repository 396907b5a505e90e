#include "einthoven/signal/integer_moments.h"

#include <algorithm>
#include <cmath>

#include "einthoven/base/wide_vectors.h"

namespace einthoven::signal {
namespace {

struct Sums {
  std::int64_t values = 0, squares = 0;
  std::int16_t lowest, highest;
};

EINTHOVEN_WIDE_VECTORS
Sums sums_of(std::span<const std::int16_t> lead) {
  std::int64_t values = 0, squares = 0;
  std::int16_t lowest = lead[0], highest = lead[0];
  for (const std::int16_t x : lead) {
    values += x;
    const std::int32_t square = x * x;
    squares += square;
    lowest = std::min(lowest, x);
    highest = std::max(highest, x);
  }
  return {values, squares, lowest, highest};
}

}  // namespace

IntegerMoments integer_moments(std::span<const std::int16_t> lead) {
  const Sums sums = sums_of(lead);
  const auto count = static_cast<std::int64_t>(lead.size());
  const auto size = static_cast<double>(count);
  // About the whole number next to the mean the squares are as small as they can be, and all of
  // this is below 2^53.
  const std::int64_t near = std::llround(static_cast<double>(sums.values) / size);
  const auto rest = static_cast<double>(sums.values - near * count);
  const auto squares =
      static_cast<double>(sums.squares - 2 * near * sums.values + near * near * count);
  IntegerMoments moments{static_cast<double>(near) + rest / size, 0, sums.lowest, sums.highest};
  moments.deviation = std::sqrt(std::max(0.0, (squares - rest * rest / size) / size));
  return moments;
}

}  // namespace einthoven::signal
