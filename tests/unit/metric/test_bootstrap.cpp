#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "einthoven/base/random.h"
#include "einthoven/metric/bootstrap.h"

namespace einthoven::metric {
namespace {

SampleMetric mean_of(const std::vector<double>& values) {
  return [&values](std::span<const std::size_t> items) {
    double sum = 0;
    for (const std::size_t i : items) sum += values[i];
    return sum / static_cast<double>(items.size());
  };
}

TEST_CASE("quantiles as NumPy interpolates them") {
  const std::vector<double> sorted = {1, 2, 4, 8};
  CHECK(quantile_sorted(sorted, 0) == 1);
  CHECK(quantile_sorted(sorted, 1) == 8);
  CHECK(quantile_sorted(sorted, 0.5) == 3);
  CHECK(quantile_sorted(sorted, 0.025) == doctest::Approx(1.075));
  CHECK(std::isnan(quantile_sorted({}, 0.5)));
}

TEST_CASE("the interval of a mean is that of the normal theory") {
  RandomStream random(3, "test");
  std::vector<double> values(400);
  for (double& value : values) value = random.normal(10, 2);
  const Interval interval = bootstrap(values.size(), mean_of(values), {4000, 0.95, 5, 0});
  double variance = 0;
  for (const double value : values) variance += std::pow(value - interval.estimate, 2) / 400;
  const double half = 1.96 * std::sqrt(variance / 400);
  CHECK(interval.low == doctest::Approx(interval.estimate - half).epsilon(0.003));
  CHECK(interval.high == doctest::Approx(interval.estimate + half).epsilon(0.003));
  CHECK(interval.defined == 4000);
}

TEST_CASE("the same for any number of threads, another for another seed") {
  const std::vector<double> values = {1, 5, 2, 8, 3};
  const Interval one = bootstrap(5, mean_of(values), {200, 0.9, 7, 1});
  const Interval four = bootstrap(5, mean_of(values), {200, 0.9, 7, 4});
  CHECK(one.low == four.low);
  CHECK(one.high == four.high);
  const Interval other = bootstrap(5, mean_of(values), {200, 0.9, 8, 1});
  CHECK((one.low != other.low || one.high != other.high));
}

TEST_CASE("groups are drawn whole") {
  const std::vector<std::size_t> patients = {4, 9, 4, 9, 9};
  const SampleMetric whole = [](std::span<const std::size_t> items) {
    int of_4 = 0;
    int of_9 = 0;
    for (const std::size_t i : items) ++(i == 0 || i == 2 ? of_4 : of_9);
    return of_4 % 2 == 0 && of_9 % 3 == 0 ? 1.0 : 0.0;
  };
  const Interval interval = bootstrap_groups(patients, whole, {100, 0.95, 1, 2});
  CHECK(interval.low == 1);
  CHECK(interval.high == 1);
}

TEST_CASE("replicates without a value are left out") {
  const SampleMetric metric = [](std::span<const std::size_t> items) {
    return items[0] == 0 ? std::nan("") : 2.0;
  };
  const Interval interval = bootstrap(3, metric, {300, 0.95, 1, 1});
  CHECK(interval.defined < 300);
  CHECK(interval.defined > 100);
  CHECK(interval.low == 2);
}

}  // namespace
}  // namespace einthoven::metric
