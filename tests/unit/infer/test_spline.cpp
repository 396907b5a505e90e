#include <doctest/doctest.h>

#include "einthoven/infer/spline.h"

using einthoven::infer::resample_cubic;

namespace {
void check(const std::vector<float>& values, const std::vector<double>& want) {
  const auto got = resample_cubic(values, static_cast<std::int64_t>(want.size()));
  for (std::size_t i = 0; i < want.size(); ++i)
    CHECK(got[i] == doctest::Approx(want[i]).epsilon(1e-12));
}
}  // namespace

// Expected: scipy.ndimage.map_coordinates(values, [linspace(0, n - 1, 7)], order=3).
TEST_CASE("agrees with scipy") {
  check({0, 1, 0, 2, -1},
        {0, 0.7804232804232804, 0.6216931216931221, 0, 1.7116402116402107, 1.0714285714285723, -1});
  check({1, 3},
        {1, 1.1481481481481481, 1.5185185185185186, 2, 2.481481481481482, 2.8518518518518525, 3});
  check({2, 5, 1},
        {2, 2.833333333333333, 4.333333333333333, 5, 3.851851851851853, 1.9814814814814832, 1});
}

TEST_CASE("edges") {
  check({4}, {4, 4, 4});
  check({4, 5}, {4});
  CHECK(resample_cubic({}, 2).size() == 2);
  std::vector<float> many(156, 0.25f);
  for (const double value : resample_cubic(many, 2500)) CHECK(value == doctest::Approx(0.25));
}
