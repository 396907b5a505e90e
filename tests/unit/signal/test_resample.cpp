#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "einthoven/base/error.h"
#include "einthoven/signal/resample.h"

using namespace einthoven;
using signal::resample;

namespace {

std::vector<double> resampled(std::vector<double> x, double from, double to) {
  return resample(std::span<const double>(x), from, to);
}

}  // namespace

TEST_CASE("resampling reproduces the reference's worked examples") {
  CHECK(resampled({0, 1, 4, 9}, 400, 500) == std::vector<double>{0, 0.75, 2.5, 5.25, 9});
  CHECK(resampled({0, 1, 4, 9}, 500, 250) == std::vector<double>{0, 9});
  const std::vector<float> squares = {0, 1, 4, 9, 16};
  const auto grown = resample(std::span<const float>(squares), 400, 500);
  const std::vector<double> expected = {0.0, 0.8, 2.8, 6.0, 10.4, 16.0};
  REQUIRE(grown.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(std::abs(grown[i] - expected[i]) < 4e-15);
}

TEST_CASE("lengths after resampling") {
  CHECK(signal::resampled_length(2934, 400, 500) == 3667);
  CHECK(signal::resampled_length(2570, 257, 500) == 5000);
  CHECK(signal::resampled_length(4096, 400, 500) == 5120);
  CHECK(signal::resampled_length(5000, 500, 500) == 5000);
  CHECK(signal::resampled_length(5000, 5, 500) == 500000);
  CHECK_THROWS_AS(signal::resampled_length(5000, 4.9, 500), Error);
  CHECK_THROWS_AS(signal::resampled_length(5000, 500, 1e19), Error);
  const std::vector<double> lead(5000);
  for (const auto way : {signal::Resampling::linear, signal::Resampling::spline})
    CHECK_THROWS_AS(signal::resample_leads(lead, 1, 0.001, 500, way, false), Error);
  CHECK_THROWS_AS(signal::resampled_length(10, 0, 500), Error);
}

TEST_CASE("equal rates, two samples, constants and NaN") {
  CHECK(resampled({1.5, -2}, 250, 250) == std::vector<double>{1.5, -2});
  CHECK(resampled({0, 3}, 100, 200) == std::vector<double>{0, 1, 2, 3});
  CHECK(resampled({7, 7, 7}, 100, 300) == std::vector<double>(9, 7.0));
  const auto poisoned = resampled({0, std::numeric_limits<double>::quiet_NaN(), 2, 3}, 100, 200);
  CHECK(std::isnan(poisoned[2]));
  CHECK(poisoned.back() == 3);
  CHECK_THROWS_AS(resampled({1}, 100, 200), Error);
  CHECK_THROWS_AS(resampled({1, 2}, 500, 100), Error);
}
