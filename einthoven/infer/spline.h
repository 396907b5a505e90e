// Interpolation by a cubic spline, as scipy.ndimage.map_coordinates does it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace einthoven::infer {

/// `values` at `count` positions spread evenly from the first to the last one: a cubic B-spline
/// through all of them (order 3, mirrored at the ends). At least one value; a single one is
/// repeated.
std::vector<double> resample_cubic(std::span<const float> values, std::int64_t count);

}  // namespace einthoven::infer
