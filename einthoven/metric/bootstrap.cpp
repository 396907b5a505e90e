#include "einthoven/metric/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>
#include <vector>

#include "einthoven/base/parallel.h"
#include "einthoven/base/random.h"

namespace einthoven::metric {
namespace {

using Groups = std::vector<std::vector<std::size_t>>;

Interval interval_of(const Groups& groups, std::size_t items, const SampleMetric& metric,
                     const BootstrapOptions& options) {
  std::vector<std::size_t> whole(items);
  std::iota(whole.begin(), whole.end(), std::size_t{0});
  std::vector<double> values(options.replicates);
  parallel_for(options.replicates, options.threads, [&](std::size_t replicate) {
    RandomStream random(options.seed, "bootstrap", 0, replicate);
    std::vector<std::size_t> sample;
    sample.reserve(items);
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const auto& group = groups[random.below(groups.size())];
      sample.insert(sample.end(), group.begin(), group.end());
    }
    values[replicate] = metric(sample);
  });
  values.erase(std::remove_if(values.begin(), values.end(), [](double v) { return std::isnan(v); }),
               values.end());
  std::sort(values.begin(), values.end());
  const double tail = (1 - options.level) / 2;
  return {metric(whole), quantile_sorted(values, tail), quantile_sorted(values, 1 - tail),
          values.size()};
}

}  // namespace

double quantile_sorted(std::span<const double> sorted, double q) {
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

Interval bootstrap(std::size_t items, const SampleMetric& metric, const BootstrapOptions& options) {
  Groups groups(items);
  for (std::size_t i = 0; i < items; ++i) groups[i] = {i};
  return interval_of(groups, items, metric, options);
}

Interval bootstrap_groups(std::span<const std::size_t> groups, const SampleMetric& metric,
                          const BootstrapOptions& options) {
  std::unordered_map<std::size_t, std::size_t> place;
  Groups members;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto [found, added] = place.emplace(groups[i], members.size());
    if (added) members.emplace_back();
    members[found->second].push_back(i);
  }
  return interval_of(members, groups.size(), metric, options);
}

}  // namespace einthoven::metric
