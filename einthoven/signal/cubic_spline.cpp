#include "einthoven/signal/cubic_spline.h"

#include <algorithm>

#include "einthoven/base/error.h"

namespace einthoven::signal {
namespace {

/// Slopes at the samples: s[i-1] + 4 s[i] + s[i+1] = 3 (y[i+1] - y[i-1]) within, and equal third
/// derivatives on both sides of the second and the last but one sample.
std::vector<double> slopes(std::span<const double> y) {
  const std::size_t n = y.size();
  std::vector<double> upper(n), right(n);
  const auto rise = [&](std::size_t i) { return y[i + 1] - y[i]; };
  upper[0] = 2;
  right[0] = (5 * rise(0) + rise(1)) / 2;
  for (std::size_t i = 1; i + 1 < n; ++i) {
    const double pivot = 4 - upper[i - 1];
    upper[i] = 1 / pivot;
    right[i] = (3 * (y[i + 1] - y[i - 1]) - right[i - 1]) / pivot;
  }
  std::vector<double> s(n);
  s[n - 1] = ((rise(n - 3) + 5 * rise(n - 2)) / 2 - 2 * right[n - 2]) / (1 - 2 * upper[n - 2]);
  for (std::size_t i = n - 1; i-- > 0;) s[i] = right[i] - upper[i] * s[i + 1];
  return s;
}

}  // namespace

std::vector<double> resample_spline(std::span<const double> samples, double step,
                                    std::int64_t count) {
  const std::size_t n = samples.size();
  if (n < 4) throw data_error("resampling", "length", "a spline needs four samples");
  const std::vector<double> slope = slopes(samples);
  std::vector<double> out;
  out.reserve(static_cast<std::size_t>(std::max<std::int64_t>(count, 0)));
  for (std::int64_t k = 0; k < count; ++k) {
    const double at = std::min(static_cast<double>(k) * step, static_cast<double>(n - 1));
    const std::size_t i = std::min(static_cast<std::size_t>(at), n - 2);
    const double t = at - static_cast<double>(i);
    const double rise = samples[i + 1] - samples[i];
    const double square = 3 * rise - 2 * slope[i] - slope[i + 1];
    const double cube = slope[i] + slope[i + 1] - 2 * rise;
    out.push_back(samples[i] + t * (slope[i] + t * (square + t * cube)));
  }
  return out;
}

std::int64_t spline_length(std::int64_t length, double from_hz, double to_hz) {
  if (!(from_hz > 0) || !(to_hz > 0)) throw data_error("resampling", "rate_hz", "must be positive");
  return static_cast<std::int64_t>(static_cast<double>(length) * to_hz / from_hz);
}

std::vector<double> resample_spline_ends(std::span<const double> samples, double from_hz,
                                         double to_hz) {
  if (from_hz == to_hz) return {samples.begin(), samples.end()};
  const std::int64_t count =
      spline_length(static_cast<std::int64_t>(samples.size()), from_hz, to_hz);
  if (count < 2) throw data_error("resampling", "length", "less than two samples are left");
  const double step = static_cast<double>(samples.size() - 1) / static_cast<double>(count - 1);
  return resample_spline(samples, step, count);
}

}  // namespace einthoven::signal
