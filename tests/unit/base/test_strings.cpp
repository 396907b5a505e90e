#include <doctest/doctest.h>

#include "einthoven/base/strings.h"

using namespace einthoven;

TEST_CASE("splitting") {
  CHECK(split("a,,b", ',').size() == 3);
  CHECK(split("", ',').size() == 1);
  CHECK(split_words("  a \t b ").size() == 2);
  CHECK(split_lines("a\r\nb\n").size() == 2);
  CHECK(trim(" \t x ") == "x");
}

TEST_CASE("numbers are the whole text or nothing") {
  CHECK(parse_int("12") == 12);
  CHECK_FALSE(parse_int("12x"));
  CHECK_FALSE(parse_int(""));
  CHECK(parse_double("+1e-3") == 0.001);
  CHECK_FALSE(parse_double("1.0.0"));
}

TEST_CASE("floats as Python prints them") {
  CHECK(python_float(3.0) == "3.0");
  CHECK(python_float(0.1) == "0.1");
  CHECK(python_float(1e-5) == "1e-05");
  CHECK(python_float(1e16) == "1e+16");
  CHECK(python_float(0.008743111F) == "0.008743111");
}

TEST_CASE("suggestions are only made for likely typos") {
  const std::vector<std::string> names = {"encoder_layers", "encoder_embed_dim"};
  CHECK(did_you_mean("encoder_layer", names) == " (did you mean \"encoder_layers\"?)");
  CHECK(did_you_mean("encod", names) == " (did you mean \"encoder_layers\"?)");
  CHECK(did_you_mean("zebra", names).empty());
}
