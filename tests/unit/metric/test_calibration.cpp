#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "einthoven/metric/calibration.h"

namespace einthoven::metric {
namespace {

TEST_CASE("four forecasts by hand") {
  const std::vector<std::uint8_t> labels = {1, 0, 1, 1};
  const std::vector<double> forecasts = {0.9, 0.2, 0.4, 1.0};
  CHECK(brier_score(labels, forecasts) == doctest::Approx((0.01 + 0.04 + 0.36 + 0) / 4));
  // Two bins: {0.2, 0.4} with 1 of 2, {0.9, 1.0} with 2 of 2.
  CHECK(calibration_error(labels, forecasts, 2) ==
        doctest::Approx(0.5 * std::abs(0.5 - 0.3) + 0.5 * std::abs(1 - 0.95)));
  CHECK(std::isnan(brier_score({}, {})));
  CHECK(std::isnan(calibration_error({}, {})));
}

}  // namespace
}  // namespace einthoven::metric
