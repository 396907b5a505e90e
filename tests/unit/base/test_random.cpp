#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/base/random.h"

using namespace einthoven;

TEST_CASE("a stream depends on every part of its name") {
  const auto first = [](std::uint64_t seed, const char* purpose, std::uint64_t epoch,
                        std::uint64_t item) {
    return RandomStream(seed, purpose, epoch, item).bits();
  };
  const auto base = first(1, "augment", 2, 3);
  CHECK(base == first(1, "augment", 2, 3));
  CHECK(base != first(2, "augment", 2, 3));
  CHECK(base != first(1, "mask", 2, 3));
  CHECK(base != first(1, "augment", 3, 3));
  CHECK(base != first(1, "augment", 2, 4));
  CHECK(base != first(1, "augment", 3, 2));
}

TEST_CASE("moments of uniform and normal draws") {
  RandomStream stream(7, "test");
  double sum = 0;
  double normal_sum = 0;
  double normal_square = 0;
  constexpr int n = 20000;
  for (int i = 0; i < n; ++i) {
    sum += stream.uniform();
    const double z = stream.normal();
    normal_sum += z;
    normal_square += z * z;
  }
  CHECK(std::abs(sum / n - 0.5) < 0.01);
  CHECK(std::abs(normal_sum / n) < 0.03);
  CHECK(std::abs(normal_square / n - 1) < 0.05);
  for (int i = 0; i < 100; ++i) CHECK(stream.below(7) < 7);
}
