#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/base/random.h"
#include "einthoven/metric/ranking.h"

namespace einthoven::metric {
namespace {

using Bits = std::vector<std::uint8_t>;
using Values = std::vector<double>;

TEST_CASE("five points by hand") {
  // Sorted: 0.9 (1), 0.8 (0), 0.7 (1), 0.4 (0), 0.1 (1).
  const Bits labels = {1, 0, 1, 0, 1};
  const Values scores = {0.9, 0.8, 0.7, 0.4, 0.1};
  CHECK(auroc(labels, scores) == doctest::Approx(3.0 / 6).epsilon(1e-14));
  CHECK(average_precision(labels, scores) ==
        doctest::Approx((1.0 + 2.0 / 3 + 3.0 / 5) / 3).epsilon(1e-14));
  // Points (0,1) (1/3,1) (1/3,1/2) (2/3,2/3) (2/3,1/2) (1,3/5).
  CHECK(precision_recall_area(labels, scores) ==
        doctest::Approx((1.0 + (0.5 + 2.0 / 3) / 2 + (0.5 + 0.6) / 2) / 3).epsilon(1e-14));
}

TEST_CASE("ties count half and form one threshold") {
  const Bits labels = {1, 0, 1, 0};
  const Values scores = {0.5, 0.5, 0.5, 0.5};
  CHECK(auroc(labels, scores) == 0.5);
  CHECK(average_precision(labels, scores) == 0.5);
  CHECK(precision_recall_area(labels, scores) == 0.75);
}

TEST_CASE("AUROC is the share of ordered pairs") {
  RandomStream random(1, "test");
  Bits labels(300);
  Values scores(300);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    labels[i] = random.below(3) == 0;
    scores[i] = static_cast<double>(random.below(40)) + 5.0 * labels[i];
  }
  double ordered = 0;
  double pairs = 0;
  for (std::size_t i = 0; i < labels.size(); ++i)
    for (std::size_t j = 0; j < labels.size(); ++j) {
      if (!labels[i] || labels[j]) continue;
      ordered += scores[i] > scores[j] ? 1.0 : scores[i] == scores[j] ? 0.5 : 0.0;
      ++pairs;
    }
  CHECK(auroc(labels, scores) == doctest::Approx(ordered / pairs).epsilon(1e-13));
}

TEST_CASE("undefined without both classes; NaN scores are refused") {
  CHECK(std::isnan(auroc(Bits{1, 1}, Values{0, 1})));
  CHECK(std::isnan(auroc(Bits{}, Values{})));
  CHECK(std::isnan(average_precision(Bits{0, 0}, Values{0, 1})));
  CHECK(std::isnan(precision_recall_area(Bits{0}, Values{0})));
  CHECK(average_precision(Bits{1, 1}, Values{0, 1}) == 1);
  CHECK_THROWS_AS(auroc(Bits{0, 1}, Values{0, std::nan("")}), Error);
}

}  // namespace
}  // namespace einthoven::metric
