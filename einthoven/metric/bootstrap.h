// Confidence intervals by the percentile bootstrap (Efron and Tibshirani 1993).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace einthoven::metric {

struct BootstrapOptions {
  std::size_t replicates = 1000;
  double level = 0.95;
  std::uint64_t seed = 1;
  int threads = 0;  ///< 0: all cores; the result does not depend on it
};

struct Interval {
  double estimate = 0;  ///< on the whole sample
  double low = 0;
  double high = 0;
  std::size_t defined = 0;  ///< replicates in which the metric was not NaN
};

/// The metric of the items with the given indices (with repetitions); called from many threads.
using SampleMetric = std::function<double(std::span<const std::size_t>)>;

/// Draws `items` of `items` with replacement, per replicate. Replicates without a value are left
/// out; without any, low and high are NaN.
Interval bootstrap(std::size_t items, const SampleMetric& metric,
                   const BootstrapOptions& options = {});

/// Draws whole groups (patients), since their items are not independent: `groups` names the group
/// of each item.
Interval bootstrap_groups(std::span<const std::size_t> groups, const SampleMetric& metric,
                          const BootstrapOptions& options = {});

/// Quantile by linear interpolation between sorted values, as NumPy; NaN if there are none.
double quantile_sorted(std::span<const double> sorted, double q);

}  // namespace einthoven::metric
