// Resampling by a cubic spline, for signals whose samples carry time marks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace einthoven::signal {

/// The not-a-knot cubic spline through the samples (as scipy.interpolate.CubicSpline) at `count`
/// places `step` samples apart, beginning with the first sample; places behind the last sample take
/// its value. So sample k of the result is at the time k * step of the input, and marks scale with
/// 1 / step. Data error for fewer than four samples.
std::vector<double> resample_spline(std::span<const double> samples, double step,
                                    std::int64_t count);

/// The same spline from one rate to another with both ends kept, as ECG-Bench resamples: trunc(n *
/// to / from) samples, the last one at the last sample of the input, so that time is stretched as
/// by resample(). Equal rates return the values unchanged; a NaN makes all NaN.
std::vector<double> resample_spline_ends(std::span<const double> samples, double from_hz,
                                         double to_hz);
/// The length of that.
std::int64_t spline_length(std::int64_t length, double from_hz, double to_hz);

}  // namespace einthoven::signal
