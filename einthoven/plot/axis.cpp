#include "einthoven/plot/axis.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace einthoven::plot {
namespace {

constexpr double kSlack = 1e-9;

std::string label_of(double value, double step) {
  const double size = std::max(std::abs(value), step);
  if (size >= 1e6 || size < 1e-4) return fmt::format("{:g}", value);
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - kSlack)));
  return fmt::format("{:.{}f}", value, decimals);
}

}  // namespace

std::vector<Tick> linear_ticks(const Range& range, int wanted) {
  const double rough = (range.high - range.low) / std::max(1, wanted);
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = power * 10;
  for (const double factor : {5.0, 2.0, 1.0})
    if (factor * power >= rough * (1 - kSlack)) step = factor * power;
  std::vector<Tick> ticks;
  const double first = std::ceil(range.low / step - kSlack);
  for (double i = first; i * step <= range.high + kSlack * step; ++i) {
    const double value = i == 0 ? 0 : i * step;
    ticks.push_back({value, label_of(value, step)});
  }
  return ticks;
}

std::vector<Tick> log_ticks(const Range& range) {
  const double low = std::log10(range.low);
  const double high = std::log10(range.high);
  const bool dense = high - low < 2.5;
  std::vector<Tick> ticks;
  for (double power = std::floor(low); power <= std::ceil(high); ++power)
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor > 1 && !dense) continue;
      const double value = factor * std::pow(10, power);
      if (value >= range.low * (1 - kSlack) && value <= range.high * (1 + kSlack))
        ticks.push_back({value, fmt::format("{:g}", value)});
    }
  return ticks;
}

Range range_of(const std::vector<double>& values, bool logarithmic) {
  double low = INFINITY;
  double high = -INFINITY;
  for (const double value : values) {
    if (!std::isfinite(value) || (logarithmic && value <= 0)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) return logarithmic ? Range{0.1, 1} : Range{0, 1};
  if (logarithmic) {
    const double factor = std::max(std::pow(high / low, 0.04), 1.05);
    return {low / factor, high * factor};
  }
  const double margin = high > low ? 0.04 * (high - low) : std::max(0.05 * std::abs(high), 1e-6);
  return {low - margin, high + margin};
}

}  // namespace einthoven::plot
