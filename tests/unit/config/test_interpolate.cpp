#include <doctest/doctest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/config/interpolate.h"

using einthoven::Error;
using einthoven::config::interpolate;
using einthoven::config::Value;

TEST_CASE("references") {
  const Value root = Value::parse(
      R"({"a":{"n":3,"l":[1,2],"s":"x","r":"${a.n}"},"c":"${d}","d":"${c}","m":null})");
  CHECK(interpolate("${a.n}", root) == 3);
  CHECK(interpolate("${ a.r }", root) == 3);
  CHECK(interpolate("${a.l.1}", root) == 2);
  CHECK(interpolate("p/${a.s}-${a.n}", root) == "p/x-3");
  CHECK(interpolate("${a}", root)["r"] == 3);
  CHECK(interpolate("${m}", root).is_null());
  CHECK(interpolate(Value::parse(R"([{"k":"${a.s}"}])"), root).dump() == R"([{"k":"x"}])");
  CHECK_THROWS_WITH(interpolate("${a.x}", root), "${a.x} does not exist");
  CHECK_THROWS_AS(interpolate("${a.n", root), Error);
  CHECK_THROWS_AS(interpolate("${c}", root), Error);
  ::setenv("EINTHOVEN_TEST_VALUE", "12", 1);
  CHECK(interpolate("${env:EINTHOVEN_TEST_VALUE}", root) == 12);
  CHECK_THROWS_AS(interpolate("${env:EINTHOVEN_TEST_NOTHING}", root), Error);
  CHECK(interpolate("${oc.env:EINTHOVEN_TEST_VALUE,3}", root) == 12);
  CHECK(interpolate("a${oc.env:EINTHOVEN_TEST_NOTHING, 3}b", root) == "a3b");
}
