#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/train/meters.h"

using namespace einthoven;
using train::Meters;
using train::Stats;

TEST_CASE("rounding follows Python's round") {
  CHECK(train::round_decimals(0.5, 0) == 0);
  CHECK(train::round_decimals(1.5, 0) == 2);
  CHECK(train::round_decimals(2.675, 2) == 2.67);  // 2.675 is a little less in binary
  CHECK(train::round_decimals(11.68949, 3) == 11.689);
  CHECK(train::round_decimals(-0.0004, 3) == 0);
  CHECK(train::round_decimals(1.23456, train::kExact) == 1.23456);
}

TEST_CASE("averages are weighted; weight 0 shows the last value") {
  Meters meters;
  meters.average("loss", 1.0, 3, 3);
  meters.average("loss", 2.0, 1, 3);
  meters.average("lr", 0.1, 0, train::kExact, train::kLearningRate);
  meters.average("lr", 0.05, 0, train::kExact, train::kLearningRate);
  CHECK(meters.stats() == Stats{{"loss", 1.25}, {"lr", 0.05}});
  meters.reset();
  CHECK(meters.stats().empty());
}

TEST_CASE("values come in the order of priority, then of first use; counters only as derived") {
  Meters meters([](const auto& sums) {
    return Stats{{"accuracy", sums.at("correct") / sums.at("count")}};
  });
  meters.average("gnorm", 2, 1, 3, train::kGradientNorm);
  meters.average("loss", 1, 1);
  meters.count("correct", 1);
  meters.count("count", 4);
  meters.count("correct", 2);
  meters.count("count", 4);
  meters.average("nsignals", 8, 1);
  CHECK(meters.stats() == Stats{{"loss", 1}, {"nsignals", 8}, {"accuracy", 0.375}, {"gnorm", 2}});
}

TEST_CASE("a restored group continues where it was") {
  const auto derive = [](const auto& sums) { return Stats{{"accuracy", sums.at("correct") / 10}}; };
  Meters first(derive);
  first.average("loss", 1.0 / 3, 7, 3);
  first.average("lr", 5e-5, 0, train::kExact, train::kLearningRate);
  first.count("correct", 4);
  first.duration("train_wall", 12.6, train::kTrainWall);
  const auto text = first.state().dump();
  CHECK(text.find("\"_correct\"") != std::string::npos);  // hidden from the reference's log
  Meters second(derive);
  second.load(config::Value::parse(text));
  CHECK(second.stats() == first.stats());
  for (Meters* meters : {&first, &second}) {
    meters->average("loss", 0.7, 5, 3);
    meters->count("correct", 3);
  }
  CHECK(second.stats() == first.stats());
  CHECK(second.state() == first.state());
}

TEST_CASE("the reference's own meters are accepted, nonsense is not") {
  Meters meters;
  meters.load(config::Value::parse(R"([
    [10, "loss", "AverageMeter", {"val": 0.5, "sum": 3.0, "count": 4, "round": 3}],
    [10, "_correct", "AverageMeter", {"val": 44, "sum": 349, "count": 3, "round": null}],
    [50, "_auc", "AUCMeter", {"scores": [], "targets": []}]])"));
  CHECK(meters.stats() == Stats{{"loss", 0.75}});
  CHECK_THROWS_AS(meters.load(config::Value::parse(R"([["loss"]])")), Error);
}
