#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/config/python_literal.h"

using einthoven::Error;
using einthoven::config::format_python_literal;
using einthoven::config::parse_python_literal;
using einthoven::config::Value;

namespace {
std::string read(const char* text) { return parse_python_literal(text).dump(); }
}  // namespace

TEST_CASE("literals of the reference's recipes") {
  CHECK(read("[(256, 2, 2)] * 4") == "[[256,2,2],[256,2,2],[256,2,2],[256,2,2]]");
  CHECK(read("[(512, 10, 5)] + [(512, 3, 2)] * 2 + [(512,2,2)]") ==
        "[[512,10,5],[512,3,2],[512,3,2],[512,2,2]]");
  CHECK(read("(0.9, 0.98)") == "[0.9,0.98]");
  CHECK(read("[15, 9]") == "[15,9]");
  CHECK(read("['i','v1']") == R"(["i","v1"])");
  CHECK(read("{'model_path': None, 'no_pretrained_weights': True}") ==
        R"({"model_path":null,"no_pretrained_weights":true})");
  CHECK(read("{}") == "{}");
  CHECK(read("2 * [1]") == "[1,1]");
  CHECK(read("1, 2") == "[1,2]");
  CHECK(read("(1,)") == "[1]");
  CHECK(read("(1)") == "1");
  CHECK(read("[]*3") == "[]");
}

TEST_CASE("numbers and texts") {
  CHECK(read("-1") == "-1");
  CHECK(read("+2.5") == "2.5");
  CHECK(read("1e-6") == "1e-06");
  CHECK(read("1E+3") == "1000.0");
  CHECK(parse_python_literal(R"('it\'s\n')").get<std::string>() == "it's\n");
  CHECK(parse_python_literal("\"a'b\"").get<std::string>() == "a'b");
  CHECK(read("{1: 'a'}") == R"({"1":"a"})");
}

TEST_CASE("anything else is refused with its column") {
  for (const char* text : {"",
                           "[",
                           "[1",
                           "(1 2)",
                           "[1,,2]",
                           "{1}",
                           "{'a': }",
                           "'open",
                           "'\\",
                           "'\\q'",
                           "os.system('x')",
                           "__import__('os')",
                           "1 + 2",
                           "[1] * [2]",
                           "[1] * 1.5",
                           "[1] - [2]",
                           "nan",
                           "1_",
                           "x",
                           "[1] 2",
                           "{[1]: 2}",
                           "lambda: 1",
                           "--1"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_python_literal(text), Error);
  }
  CHECK_THROWS_WITH(parse_python_literal("[1, x]"),
                    "column 5: not a literal in the literal [1, x]");
}

TEST_CASE("size and depth are bounded") {
  CHECK_THROWS_AS(parse_python_literal("[0] * 1000000000"), Error);
  CHECK_THROWS_AS(parse_python_literal("[0] * 1000 * 1000 * 1000"), Error);
  CHECK_THROWS_AS(parse_python_literal("[[0] * 1000] * 1000"), Error);
  CHECK_THROWS_AS(parse_python_literal("['" + std::string(1'000'000, 'a') + "'] * 1000"), Error);
  CHECK_THROWS_AS(parse_python_literal(std::string(5000, '[')), Error);
  CHECK(parse_python_literal("[0] * 5000").size() == 5000);
  CHECK(parse_python_literal("[0] * -3").empty());
}

TEST_CASE("printing") {
  const Value value = parse_python_literal("{'a': [1, 2.0, None, True], 'b': \"it's\"}");
  CHECK(format_python_literal(value) == "{'a': [1, 2.0, None, True], 'b': \"it's\"}");
  CHECK(parse_python_literal(format_python_literal(value)) == value);
}
