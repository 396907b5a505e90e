// Tick positions and labels of a chart axis.
#pragma once

#include <string>
#include <vector>

namespace einthoven::plot {

struct Range {
  double low = 0;
  double high = 1;
};

struct Tick {
  double value = 0;
  std::string label;
};

/// At most about `wanted` ticks at multiples of 1, 2 or 5 times a power of ten inside the range.
std::vector<Tick> linear_ticks(const Range& range, int wanted);
/// Powers of ten inside the range, with 2 and 5 between them where the range is short.
std::vector<Tick> log_ticks(const Range& range);

/// The smallest range with the finite values, widened a little; [0, 1] if there is none. For a
/// logarithmic axis only positive values count.
Range range_of(const std::vector<double>& values, bool logarithmic);

}  // namespace einthoven::plot
