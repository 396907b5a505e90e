#include <doctest/doctest.h>

#include "einthoven/signal/clock.h"

using namespace einthoven::signal;

namespace {

std::string moved(const char* date, const char* time, double seconds) {
  RecordingInfo info;
  info.base_date = date;
  info.base_time = time;
  advance_clock(info, seconds);
  return info.base_date + " " + info.base_time;
}

}  // namespace

TEST_CASE("the clock goes on by the length of what was cut off") {
  CHECK(moved("2020-02-28", "10:00:00", 0) == "2020-02-28 10:00:00");
  CHECK(moved("2020-02-28", "10:00:00", 90.25) == "2020-02-28 10:01:30.250");
  CHECK(moved("2020-02-28", "10:00:00.75", 0.25) == "2020-02-28 10:00:01");
  CHECK(moved("2020-02-28", "23:59:59", 1) == "2020-02-29 00:00:00");
  CHECK(moved("2020-02-28", "23:59:59", 2 * 86400 + 1) == "2020-03-02 00:00:00");
  CHECK(moved("", "23:59:59", 1) == " 00:00:00");
  CHECK(moved("2020-02-28", "", 5) == "2020-02-28 ");
}

TEST_CASE("a date or a time that cannot be moved becomes empty") {
  CHECK(moved("2020-02-28", "noon", 1) == "2020-02-28 ");
  CHECK(moved("2020-02-28", "10-00-00", 1) == "2020-02-28 ");
  CHECK(moved("2020-02-28", "10:00:00", 1e12) == "2020-02-28 ");
  CHECK(moved("2020-02-31", "23:59:59", 1) == " 00:00:00");
}
