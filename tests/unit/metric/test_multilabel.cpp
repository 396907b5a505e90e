#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "einthoven/metric/multilabel.h"
#include "einthoven/metric/ranking.h"

namespace einthoven::metric {
namespace {

const std::vector<std::uint8_t> kLabels = {1, 0, 0, 1, 1, 0};
const std::vector<double> kScores = {0.9, 0.2, 0.6, 0.7, 0.4, 0.5};

TEST_CASE("counts") {
  const auto predictions = above(kScores, 0.5);
  CHECK(predictions == std::vector<std::uint8_t>{1, 0, 1, 1, 0, 0});
  const BinaryCounts counts = count_binary(kLabels, predictions);
  CHECK(counts.true_positives == 2);
  CHECK(counts.false_positives == 1);
  CHECK(counts.false_negatives == 1);
  CHECK(counts.true_negatives == 2);
  CHECK(counts.accuracy() == doctest::Approx(4.0 / 6));
  CHECK(counts.precision() == doctest::Approx(2.0 / 3));
  CHECK(counts.recall() == doctest::Approx(2.0 / 3));
  CHECK(counts.specificity() == doctest::Approx(2.0 / 3));
  CHECK(counts.f1() == doctest::Approx(2.0 / 3));
  CHECK(std::isnan(BinaryCounts{}.f1()));
}

TEST_CASE("rows, labels and all entries") {
  const auto predictions = above(kScores, 0.5);
  const Labels labels{kLabels, 3, 2};
  const Scores scores{kScores, 3, 2};
  CHECK(exact_match_accuracy(labels, Labels{predictions, 3, 2}) == doctest::Approx(1.0 / 3));
  const auto each = per_label(labels, scores, auroc);
  REQUIRE(each.size() == 2);
  CHECK(each[0] == 0.5);
  CHECK(each[1] == 1.0);
  CHECK(micro(labels, scores, auroc) == doctest::Approx(7.0 / 9));
  CHECK(mean_defined(each) == 0.75);
  CHECK(mean_defined(std::vector<double>{std::nan(""), 3}) == 3);
  CHECK(std::isnan(mean_defined({})));
}

}  // namespace
}  // namespace einthoven::metric
