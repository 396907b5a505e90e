#include <doctest/doctest.h>

#include "einthoven/base/base64.h"
#include "einthoven/base/error.h"

using namespace einthoven;

TEST_CASE("base64: the vectors of RFC 4648, with and without padding and line ends") {
  CHECK(decode_base64("", "x", "f").empty());
  CHECK(decode_base64("Zg==", "x", "f") == "f");
  CHECK(decode_base64("Zm8", "x", "f") == "fo");
  CHECK(decode_base64("Zm9v\r\n YmFy\n", "x", "f") == "foobar");
  CHECK(decode_base64("//79", "x", "f") == "\xff\xfe\xfd");
}

TEST_CASE("base64: other characters are data errors") {
  CHECK_THROWS_WITH_AS(decode_base64("Zm9*", "x", "f"), "x: f: is not base64 at character 3",
                       Error);
  CHECK_THROWS_AS(decode_base64("Zg==Zg", "x", "f"), Error);
}
