#include "einthoven/signal/clean.h"

#include <algorithm>
#include <vector>

#include "einthoven/signal/filter_design.h"
#include "einthoven/signal/mirror.h"

namespace einthoven::signal {
namespace {

/// Mean of the last `width` values; those before the first one equal it.
template <class Iterator>
void trailing_mean(Iterator first, Iterator last, std::size_t width) {
  const auto n = static_cast<double>(width);
  std::vector<double> window(width, *first);
  double sum = *first * n;
  for (std::size_t i = 0; first != last; ++first, i = (i + 1) % width) {
    sum += *first - window[i];
    window[i] = *first;
    *first = sum / n;
  }
}

void smooth(std::span<double> lead, std::size_t width) {
  Mirrored extended(lead, 3 * width);
  trailing_mean(extended.values.begin(), extended.values.end(), width);
  trailing_mean(extended.values.rbegin(), extended.values.rend(), width);
  std::ranges::copy(extended.inner(), lead.begin());
}

}  // namespace

void clean_lead(std::span<float> lead, double rate_hz) {
  constexpr double kMainsHz = 50;
  const std::size_t width = rate_hz >= 100 ? static_cast<std::size_t>(rate_hz / kMainsHz) : 2;
  std::vector<double> values(lead.begin(), lead.end());
  filter_both_ways(butterworth_highpass(5, 0.5, rate_hz), values);
  smooth(values, width);
  std::ranges::transform(values, lead.begin(), [](double x) { return static_cast<float>(x); });
}

}  // namespace einthoven::signal
