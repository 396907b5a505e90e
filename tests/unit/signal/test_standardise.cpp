#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "einthoven/base/error.h"
#include "einthoven/base/random.h"
#include "einthoven/signal/integer_moments.h"
#include "einthoven/signal/normalise.h"

using namespace einthoven;
using signal::ConstantLead;
using signal::Summation;

namespace {

/// z-scores, in place, and what was subtracted and divided by.
std::vector<signal::Affine> standardise(std::vector<double>& x, std::size_t leads,
                                        ConstantLead strategy = ConstantLead::zero) {
  return signal::normalise(x, leads, {signal::Normalisation::lead_zscore, 0, strategy});
}

std::vector<double> standardised(std::vector<double> x, ConstantLead strategy) {
  standardise(x, 1, strategy);
  return x;
}

}  // namespace

TEST_CASE("standardising reproduces the reference's worked examples") {
  std::vector<double> x = {0, 1, 4, 9};
  const auto stats = standardise(x, 1);
  CHECK(x == std::vector<double>{-1, -0.7142857142857143, 0.14285714285714285, 1.5714285714285714});
  CHECK(stats[0].offset == 3.5);
  CHECK(stats[0].scale == 3.5);
}

TEST_CASE("constant leads follow the strategy") {
  const std::vector<double> flat(4, 5.0);
  CHECK(standardised(flat, ConstantLead::zero) == std::vector<double>(4, 0.0));
  CHECK(standardised(flat, ConstantLead::constant) == std::vector<double>(4, 0.0));
  for (const double z : standardised(flat, ConstantLead::nan)) CHECK(std::isnan(z));
  const std::vector<double> rounded(5000, 0.123);  // its running mean is not 0.123
  CHECK(standardised(rounded, ConstantLead::constant)[7] != 0);
  for (const double z : standardised(rounded, ConstantLead::nan)) CHECK(std::isnan(z));
  CHECK_THROWS_AS(signal::parse_constant_lead("none"), Error);
  CHECK(signal::parse_constant_lead("constant") == ConstantLead::constant);
}

TEST_CASE("a NaN makes its lead NaN and no other") {
  std::vector<double> x = {1, 2, std::numeric_limits<double>::quiet_NaN(), 4, 0, 1, 4, 9};
  const auto stats = standardise(x, 2);
  for (std::size_t i = 0; i < 4; ++i) CHECK(std::isnan(x[i]));
  CHECK(std::isnan(stats[0].scale));
  CHECK(x[7] == 1.5714285714285714);
}

TEST_CASE("sums of many leads side by side are those of each lead alone") {
  for (const std::size_t leads : {1, 2, 4, 5, 12, 13, 31})
    for (const std::size_t length : {1, 3, 4, 5, 1003}) {
      std::vector<double> x(leads * length);
      for (std::size_t i = 0; i < x.size(); ++i)
        x[i] = 0.1 * static_cast<double>((i * 7919) % 10007) - 50;
      const auto found = signal::zscore_moments(x, leads);
      REQUIRE(found.size() == leads);
      for (std::size_t l = 0; l < leads; ++l) {
        std::vector<double> centred(x.begin() + static_cast<std::ptrdiff_t>(l * length),
                                    x.begin() + static_cast<std::ptrdiff_t>((l + 1) * length));
        const double mean = signal::moments(std::span<const double>(centred)).mean;
        for (double& value : centred) value -= mean;
        CHECK(found[l].mean == mean);
        CHECK(found[l].deviation == signal::moments(std::span<const double>(centred)).deviation);
      }
    }
}

TEST_CASE("the two summation orders differ in the last bits only") {
  std::vector<double> x(20000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 0.001 * static_cast<double>((i * 7919) % 10007);
  const auto plain = signal::moments(std::span<const double>(x));
  const auto tree = signal::moments(std::span<const double>(x), Summation::pairwise);
  CHECK(plain.mean != tree.mean);
  CHECK(plain.mean == doctest::Approx(tree.mean).epsilon(1e-13));
  CHECK(plain.deviation == doctest::Approx(tree.deviation).epsilon(1e-13));
  // numpy.arange(1000.)[:n].sum() of small exact integers is exact in any order.
  std::vector<double> counts(1000);
  std::iota(counts.begin(), counts.end(), 0.0);
  CHECK(signal::moments(std::span<const double>(counts), Summation::pairwise).mean == 499.5);
}

TEST_CASE("the reference's constant flag misses constants whose mean is rounded") {
  const std::vector<double> zeros(2500, 0.0);
  const std::vector<double> tenths(2500, 0.1);
  const auto flagged = [](const std::vector<double>& x) {
    const std::span<const double> lead(x);
    return signal::equals_mean(lead, signal::moments(lead).mean);
  };
  CHECK(flagged(zeros));
  CHECK_FALSE(flagged(tenths));
  CHECK(signal::is_constant(std::span<const double>(tenths)));
  CHECK_FALSE(signal::is_constant(std::span<const double>(std::vector<double>{1, 2})));
}

TEST_CASE("moments of integers are those of doubles") {
  RandomStream random(5, "integers", 0, 0);
  for (const std::size_t length : {1, 2, 7, 33, 5003}) {
    std::vector<std::int16_t> lead;
    for (std::size_t i = 0; i < length; ++i)
      lead.push_back(static_cast<std::int16_t>(random.randint(-32768, 32768)));
    const std::vector<double> values(lead.begin(), lead.end());
    const auto want = signal::moments<double>(values, Summation::pairwise);
    const auto got = signal::integer_moments(lead);
    CHECK(got.mean == doctest::Approx(want.mean).epsilon(1e-13));
    CHECK(got.deviation == doctest::Approx(want.deviation).epsilon(1e-13));
    CHECK(got.lowest == *std::ranges::min_element(lead));
    CHECK(got.highest == *std::ranges::max_element(lead));
  }
  const std::vector<std::int16_t> far(4'000'000, -32768);
  CHECK(signal::integer_moments(far).mean == -32768);
  CHECK(signal::integer_moments(far).deviation == 0);
  std::vector<std::int16_t> step(4'000'000, 32767);
  step[17] = 32766;
  CHECK(signal::integer_moments(step).deviation ==
        doctest::Approx(1 / std::sqrt(4e6)).epsilon(1e-6));
}
