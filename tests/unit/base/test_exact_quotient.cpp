#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>

#include "einthoven/base/exact_quotient.h"

using einthoven::ExactDivisor;

namespace {

// NOLINTNEXTLINE(modernize-use-using): a vector type
typedef double Four __attribute__((vector_size(32)));

template <class Value>
Value quotient(const ExactDivisor& exact, Value x) {
  exact.divide(x);
  return x;
}

}  // namespace

TEST_CASE("quotients by products have the bits of divisions") {
  std::mt19937_64 random(7);
  std::int64_t wrong = 0;
  for (int i = 0; i < 20'000; ++i) {
    // Any mantissa, and those near the ends of a binade, where roundings are hardest.
    const std::uint64_t mantissa = i % 4 == 0 ? (std::uint64_t{1} << 52) - 1 - random() % 8
                                              : (i % 4 == 1 ? random() % 8 : random() >> 12);
    const double divisor =
        std::bit_cast<double>((random() % 200 + 923) << 52 | mantissa) * (i % 3 == 0 ? -1 : 1);
    const ExactDivisor exact(divisor);
    REQUIRE(exact.serves());
    for (int k = 0; k < 50; ++k) {
      double x = std::bit_cast<double>((random() % 200 + 923) << 52 | random() >> 12);
      if (k % 5 == 0) x = std::nextafter(divisor * static_cast<double>(random() % 1000), 1e300);
      wrong += quotient(exact, x) != x / divisor;
    }
    wrong += quotient(exact, 0.0) != 0;
    wrong += !std::isnan(quotient(exact, std::nan("")));
  }
  CHECK(wrong == 0);
}

TEST_CASE("every 16-bit sample by the gains of recordings, and vectors") {
  std::int64_t wrong = 0;
  for (const double gain :
       {1000.0, 200.0, 204.8, 1e6 / 4.88, 999.9999, -500.0, 1 / 3.0, 0.0048828125}) {
    const ExactDivisor exact(gain);
    for (int sample = -32768; sample < 32768; ++sample)
      wrong += quotient<double>(exact, sample) != sample / gain;
    const Four four = {1, -7, 123.5, 1e-9};
    Four quotients = four;
    exact.divide(quotients);
    for (int i = 0; i < 4; ++i) wrong += quotients[i] != four[i] / gain;
  }
  CHECK(wrong == 0);
  CHECK_FALSE(ExactDivisor(0).serves());
  CHECK_FALSE(ExactDivisor(1e-200).serves());
  CHECK_FALSE(ExactDivisor(INFINITY).serves());
  CHECK_FALSE(ExactDivisor(std::nan("")).serves());
}
