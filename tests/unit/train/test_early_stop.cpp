#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "einthoven/train/early_stop.h"

using einthoven::train::EarlyStop;

TEST_CASE("only strict improvement resets the count") {
  EarlyStop stop(2, false);
  CHECK(!stop.should_stop(1.0));
  CHECK(!stop.should_stop(1.0));
  CHECK(!stop.should_stop(0.9));
  CHECK(!stop.should_stop(std::nullopt));
  CHECK(!stop.should_stop(0.95));
  CHECK(stop.should_stop(0.9));
}

TEST_CASE("larger is better with maximize; patience <= 0 never stops") {
  EarlyStop stop(1, true);
  CHECK(!stop.should_stop(0.5));
  CHECK(!stop.should_stop(0.6));
  CHECK(stop.should_stop(0.6));
  EarlyStop never(-1, true);
  for (int i = 0; i < 9; ++i) CHECK(!never.should_stop(0.5));
}

TEST_CASE("the count survives a restart") {
  EarlyStop first(2, false);
  first.should_stop(1.0);
  first.should_stop(2.0);
  EarlyStop second(2, false);
  second.load(first.state());
  CHECK(second.should_stop(1.5));
}
