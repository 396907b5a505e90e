#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/infer/log_sums.h"

using namespace einthoven;

namespace {
struct Counting : task::Criterion {
  task::StepResult evaluate(const model::Output&, const data::Batch&, bool) const override {
    return {};
  }
  std::vector<std::pair<std::string, double>> derived(const task::Sums& sums) const override {
    return {{"accuracy", sums.at("correct") / sums.at("count")}};
  }
};

std::vector<task::LogValue> log(double loss, double size, double temperature, double correct) {
  return {{"loss", loss, task::Reduce::loss},
          {"temp", temperature, task::Reduce::mean},
          {"correct", correct, task::Reduce::sum},
          {"count", size, task::Reduce::sum}};
}
}  // namespace

TEST_CASE("losses by sample size in base 2, means over batches, derived counters") {
  infer::LogSums sums;
  sums.add(log(std::log(2.0) * 6, 4, 2.0, 3), 4);
  sums.add(log(std::log(2.0) * 2, 12, 1.0, 5), 12);
  const auto stats = sums.stats(Counting());
  REQUIRE(stats.size() == 3);
  CHECK(stats[0].first == "loss");
  CHECK(stats[0].second == doctest::Approx(0.5));
  CHECK(stats[1].second == doctest::Approx(1.5));
  CHECK(stats[2].second == doctest::Approx(0.5));
}
