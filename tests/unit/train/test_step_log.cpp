#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/train/step_log.h"

using namespace einthoven;
using task::Reduce;
using train::StepLog;

TEST_CASE("losses by sample size in base 2, others averaged, counters added") {
  train::Meters meters([](const auto& sums) {
    return train::Stats{{"accuracy", sums.at("correct") / sums.at("count")}};
  });
  const auto batch = [](double loss, double size, double temp, double correct) {
    return StepLog{.values = {{"loss", loss, Reduce::loss},
                              {"temp", temp, Reduce::mean},
                              {"correct", correct, Reduce::sum},
                              {"count", size, Reduce::sum}},
                   .sample_size = size,
                   .signals = 4};
  };
  train::add_step(meters, {batch(6, 2, 1, 1), batch(2, 6, 3, 5)});
  const auto stats = meters.stats();
  REQUIRE(stats.size() == 4);
  CHECK(stats[0].first == "loss");
  CHECK(stats[0].second == doctest::Approx(std::round(8 / 8.0 / std::log(2) * 1000) / 1000));
  CHECK(stats[1] == std::pair<std::string, double>{"nsignals", 8});
  CHECK(stats[2] == std::pair<std::string, double>{"temp", 2});
  CHECK(stats[3] == std::pair<std::string, double>{"accuracy", 0.75});
}

TEST_CASE("over several updates losses are weighted by sample size, other values are not") {
  train::Meters meters;
  train::add_step(meters, {{{{"loss", std::log(2), Reduce::loss}, {"t", 1, Reduce::mean}}, 1, 2}});
  train::add_step(meters,
                  {{{{"loss", std::log(2) * 9, Reduce::loss}, {"t", 2, Reduce::mean}}, 3, 2}});
  const auto stats = meters.stats();
  CHECK(stats[0].second == 2.5);  // (1 * 1 + 3 * 3) / 4
  CHECK(stats[2].second == 1.5);
}
