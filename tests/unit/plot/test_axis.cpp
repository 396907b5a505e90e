#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/plot/axis.h"

using namespace einthoven::plot;

namespace {

std::string labels(const std::vector<Tick>& ticks) {
  std::string text;
  for (const Tick& tick : ticks) text += tick.label + " ";
  return text;
}

}  // namespace

TEST_CASE("axis: ticks are round numbers inside the range") {
  CHECK(labels(linear_ticks({0, 1}, 5)) == "0.0 0.2 0.4 0.6 0.8 1.0 ");
  CHECK(labels(linear_ticks({-3, 97}, 4)) == "0 50 ");
  CHECK(labels(linear_ticks({-3, 97}, 6)) == "0 20 40 60 80 ");
  CHECK(labels(linear_ticks({0.912, 0.951}, 4)) == "0.92 0.93 0.94 0.95 ");
  CHECK(labels(linear_ticks({-0.5, 0.5}, 4)) == "-0.5 0.0 0.5 ");
  CHECK(labels(linear_ticks({0, 120000}, 4)) == "0 50000 100000 ");
}

TEST_CASE("axis: logarithmic ticks are powers of ten, denser on short ranges") {
  CHECK(labels(log_ticks({0.001, 100})) == "0.001 0.01 0.1 1 10 100 ");
  CHECK(labels(log_ticks({0.5, 30})) == "0.5 1 2 5 10 20 ");
}

TEST_CASE("axis: a range holds every finite value") {
  const Range range = range_of({3, NAN, 7, INFINITY}, false);
  CHECK((range.low < 3 && range.low > 2.5));
  CHECK((range.high > 7 && range.high < 7.5));
  const Range positive = range_of({-1, 0, 0.01, 10}, true);
  CHECK((positive.low > 0 && positive.low < 0.01));
  const Range flat = range_of({2, 2}, false);
  CHECK(flat.low < flat.high);
  CHECK(range_of({}, false).high == 1);
}
