#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "einthoven/train/early_stop.h"

using einthoven::train::EarlyStop;

namespace {

bool stops(EarlyStop& stop, std::optional<double> value) {
  stop.count(value);
  return stop.has_stopped();
}

}  // namespace

TEST_CASE("only strict improvement resets the count") {
  EarlyStop stop(2, false);
  CHECK(!stops(stop, 1.0));
  CHECK(!stops(stop, 1.0));
  CHECK(!stops(stop, 0.9));
  CHECK(!stops(stop, std::nullopt));
  CHECK(!stops(stop, 0.95));
  CHECK(stops(stop, 0.9));
}

TEST_CASE("larger is better with maximize; patience <= 0 never stops") {
  EarlyStop stop(1, true);
  CHECK(!stops(stop, 0.5));
  CHECK(!stops(stop, 0.6));
  CHECK(stops(stop, 0.6));
  EarlyStop never(-1, true);
  for (int i = 0; i < 9; ++i) CHECK(!stops(never, 0.5));
}

TEST_CASE("the count survives a restart") {
  EarlyStop first(2, false);
  first.count(1.0);
  first.count(2.0);
  EarlyStop second(2, false);
  second.load(first.state());
  CHECK(stops(second, 1.5));
  EarlyStop third(2, false);
  third.load(second.state());
  CHECK(third.has_stopped());
}
