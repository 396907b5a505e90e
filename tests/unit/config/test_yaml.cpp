#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/config/yaml.h"
#include "einthoven/config/yaml_scalar.h"

using namespace einthoven;
using config::Value;

namespace {
Value parse(const std::string& text) { return config::parse_yaml(text, "r.yaml"); }
}  // namespace

TEST_CASE("scalars as PyYAML and omegaconf read them") {
  const std::vector<std::pair<const char*, Value>> cases = {
      {"1e-6", 1e-6},
      {"1e-06", 1e-6},
      {"5e-5", 5e-5},
      {"0.00005", 5e-5},
      {"1E5", 1e5},
      {"1.", 1.0},
      {".5", 0.5},
      {"-.5", -0.5},
      {"1_000", 1000},
      {"0x1F", 31},
      {"0b101", 5},
      {"017", 15},
      {"0", 0},
      {"-3", -3},
      {"+4", 4},
      {"1:30", 90},
      {"1:30.5", 90.5},
      {"190:20:30", 685230},
      {"99999999999999999999:0", "99999999999999999999:0"},
      {"yes", true},
      {"No", false},
      {"on", true},
      {"OFF", false},
      {"true", true},
      {"FALSE", false},
      {"~", nullptr},
      {"null", nullptr},
      {"Null", nullptr},
      {"", nullptr},
      {"nULL", "nULL"},
      {"y", "y"},
      {"tRue", "tRue"},
      {"???", "???"},
      {"(0.9, 0.98)", "(0.9, 0.98)"},
      {"1.2.3", "1.2.3"},
      {"e5", "e5"},
      {"08", "08"},
      {"1e", "1e"},
      {".", "."},
      {"-", "-"},
      {"0x", "0x"},
      {"v1", "v1"},
      {"+", "+"},
      {"1e5e5", "1e5e5"},
      {"1:99", "1:99"},
      {"2024-01-01", "2024-01-01"},
      {"99999999999999999999", "99999999999999999999"},
  };
  for (const auto& entry : cases) {
    const std::string text = entry.first;
    const Value& want = entry.second;
    CAPTURE(text);
    const Value got = config::yaml_scalar(text);
    CHECK(got.type_name() == std::string(want.type_name()));
    CHECK(got == want);
  }
  CHECK(std::isinf(config::yaml_scalar("-.inf").get<double>()));
  CHECK(std::isnan(config::yaml_scalar(".nan").get<double>()));
}

TEST_CASE("maps, lists, quotes, anchors and places") {
  config::Positions positions;
  const Value value = config::parse_yaml(
      "# title\nmodel:\n  a: '12'\n  b: [1, two, 3.0]\n  c: !!str 5\n  d: &x {k: v}\n  e: *x\n"
      "empty:\n",
      "r.yaml", &positions);
  CHECK(
      value.dump() ==
      R"({"model":{"a":"12","b":[1,"two",3.0],"c":"5","d":{"k":"v"},"e":{"k":"v"}},"empty":null})");
  CHECK(positions.at("model.b") == "r.yaml:4");
  CHECK(positions.at("empty") == "r.yaml:8");
  CHECK(parse("").is_null());
}

TEST_CASE("malformed input names its place") {
  CHECK_THROWS_WITH(parse("a: 1\na: 2\n"), "r.yaml:2:1: duplicate key a");
  for (const char* text : {"a: [1, 2", "a: b: c", "\t- x", "a: *nowhere", "? [1]\n: 2", "a: 'open",
                           "a: !!python/object:os.system x", "a: !!int abc", "<<: {a: 1}",
                           "a: 1\n---\nb: 2\n", "a: \"\\q\"", "{a: 1", "- a\nb: 1"}) {
    CAPTURE(text);
    try {
      parse(text);
      FAIL("was accepted");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::config);
      CHECK(error.message().starts_with("r.yaml"));
    }
  }
}

TEST_CASE("aliases and nesting are bounded") {
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 9; ++i) {
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) bomb += (k ? ",*a" : "*a") + std::to_string(i - 1);
    bomb += "]\n";
  }
  CHECK_THROWS_AS(parse(bomb), Error);
  CHECK_THROWS_AS(parse("a: " + std::string(100, '[') + std::string(100, ']')), Error);
  CHECK_THROWS_AS(parse("a: " + std::string(100000, '[')), Error);
}

TEST_CASE("what is written reads back") {
  const Value value = Value::parse(
      R"({"a":{"n":null,"t":true,"i":-3,"f":1e-08,"g":3.0,"s":"text","y":"yes","num":"1e-6","e":"",
          "q":"it's: \"x\" # no","nl":"a\nb","list":[1,[2,3],{"k":"v","l":[]}],"m":{}},"3":"x","~":"-a"})");
  CHECK(parse(config::format_yaml(value)) == value);
  CHECK(parse(config::format_yaml(Value::parse("[{\"a\":1,\"b\":[1,2]},[],\"x\"]"))).dump() ==
        R"([{"a":1,"b":[1,2]},[],"x"])");
  CHECK(parse(config::format_yaml("yes")) == "yes");
  CHECK(std::isinf(parse(config::format_yaml(Value(-INFINITY))).get<double>()));
}

TEST_CASE("lists and maps have no tags of other languages") {
  CHECK(parse("a: !!seq [1]\nb: !!map {c: 2}")["a"] == Value({1}));
  CHECK_THROWS_WITH_AS(parse("a: !!python/object/apply:os.system ['true']"),
                       "r.yaml:1:4: tag tag:yaml.org,2002:python/object/apply:os.system is not "
                       "supported",
                       Error);
  CHECK_THROWS_AS(parse("a: !made {b: 1}"), Error);
}
