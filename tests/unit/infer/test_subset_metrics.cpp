#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/infer/subset_metrics.h"

using namespace einthoven;

namespace {
/// Six rows, two labels; label 0 is ranked perfectly, label 1 has no positives.
infer::ScoredRows rows() {
  return {2,
          {0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.2, 0.6, 0.1, 0.4, 0.3, 0.5},
          {1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0},
          {}};
}
double value(const std::vector<infer::NamedInterval>& all, const std::string& name) {
  for (const auto& each : all) {
    if (each.name == name) return each.value.estimate;
  }
  FAIL("no such metric");
  return 0;
}
}  // namespace

TEST_CASE("figures over all labels") {
  const auto all = infer::overall_metrics(rows(), {.replicates = 50});
  CHECK(value(all, "auroc_macro") == 1.0);
  CHECK(value(all, "accuracy") == doctest::Approx(11.0 / 12));
  CHECK(value(all, "em_accuracy") == doctest::Approx(5.0 / 6));
  CHECK(value(all, "f1_micro") == doctest::Approx(6.0 / 7));
  CHECK(value(all, "auroc_micro") == 1.0);
}

TEST_CASE("figures per label; undefined without positives") {
  const auto all = infer::label_metrics(rows(), {"x", "y"}, {.replicates = 50});
  CHECK(all[0].positives == 3);
  CHECK(value(all[0].metrics, "auroc") == 1.0);
  CHECK(all[0].metrics[0].value.low == 1.0);
  CHECK(all[1].positives == 0);
  CHECK(std::isnan(value(all[1].metrics, "auroc")));
}

TEST_CASE("rows of one patient are drawn together") {
  auto grouped = rows();
  grouped.scores[0] = 0.05;  // one positive ranked last, so that intervals have a width
  auto alone = grouped;
  grouped.groups = {1, 1, 1, 2, 2, 2};
  const auto a = infer::label_metrics(grouped, {"x", "y"}, {.replicates = 200})[0].metrics[0].value;
  const auto b = infer::label_metrics(alone, {"x", "y"}, {.replicates = 200})[0].metrics[0].value;
  CHECK(a.estimate == b.estimate);
  CHECK(a.high - a.low < b.high - b.low);  // two groups: AUROC is the estimate or undefined
}
