#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "einthoven/base/error.h"
#include "einthoven/config/load.h"

using namespace einthoven;
using config::UnknownKeys;
using config::Value;

namespace {

struct Options {
  bool flag = false;
  std::int64_t count = 3;
  double rate = 0.5;
  std::string mode = "static";
  std::vector<double> lr{0.25};
  std::vector<std::int64_t> sizes;
  std::optional<std::vector<std::string>> names;
  std::optional<std::int64_t> limit;
  std::string must;
  Value any;

  void describe(config::Visitor& v) {
    v.field("flag", flag, "a flag");
    v.field("count", count, "a count");
    v.field("rate", rate, "a rate");
    v.field("mode", mode, "a choice", {.choices = {"static", "uniform"}});
    v.field("lr", lr, "rates");
    v.field("sizes", sizes, "sizes", {.least = 0});
    v.field("names", names, "names");
    v.field("limit", limit, "a limit", {.least = 1, .most = 9});
    v.field("must", must, "needed", {.mandatory = true});
    v.field("any", any, "anything");
  }
};

std::string fault_of(const char* json) {
  Options options;
  try {
    config::load(options, Value::parse(json), "x");
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

}  // namespace

TEST_CASE("values of every type") {
  Options options;
  const char* text =
      R"json({"_name":"o","flag":"yes","count":1e6,"rate":1,"mode":"uniform","lr":"(0.9, 0.98)",
          "sizes":"[2]*3","names":["a"],"limit":null,"must":12,"any":{"k":[1]}})json";
  config::load(options, Value::parse(text), "x");
  CHECK(options.flag);
  CHECK(options.count == 1000000);
  CHECK(options.rate == 1.0);
  CHECK(options.lr == std::vector<double>{0.9, 0.98});
  CHECK(options.sizes == std::vector<std::int64_t>{2, 2, 2});
  CHECK(options.names->front() == "a");
  CHECK(!options.limit);
  CHECK(options.must == "12");
  CHECK(config::dump(options)["any"].dump() == R"({"k":[1]})");
  CHECK(config::dump(options)["names"].dump() == R"(["a"])");
}

TEST_CASE("faults name key, wanted type and value") {
  CHECK(fault_of(R"({"must":"","count":"many"})") == "x.count: want int, got 'many'");
  CHECK(fault_of(R"({"must":"","count":1.5})") == "x.count: want int, got 1.5");
  CHECK(fault_of(R"({"must":"","count":null})") == "x.count: want int, got None");
  CHECK(fault_of(R"({"must":"","lr":0.1})") == "x.lr: want list[float], got 0.1");
  CHECK(fault_of(R"({"must":"","lr":[0.1,"x"]})") == "x.lr: want list[float], got [0.1, 'x']");
  CHECK(fault_of(R"({"must":[]})") == "x.must: want str, got []");
  CHECK(fault_of(R"({"must":"","mode":"unifrom"})") ==
        "x.mode: want one of static, uniform, got 'unifrom' (did you mean \"uniform\"?)");
  CHECK(fault_of(R"({})") == "x.must: missing, and has no default");
  CHECK(fault_of(R"({"must":"???"})") == "x.must: missing, and has no default");
  CHECK(fault_of(R"({"must":"","coutn":1})") == "x.coutn: unknown key (did you mean \"count\"?)");
  CHECK(fault_of("[]").find("want a map") != std::string::npos);
}

TEST_CASE("numbers out of bounds, and optional values of a wrong type") {
  CHECK(fault_of(R"({"must":"","limit":0})") == "x.limit: want int? from 1 to 9, got 0");
  CHECK(fault_of(R"({"must":"","limit":10})") == "x.limit: want int? from 1 to 9, got 10");
  CHECK(fault_of(R"({"must":"","sizes":[2,-1]})") ==
        "x.sizes: want list[int] of 0 or more, got -1");
  CHECK(fault_of(R"({"must":"","limit":true})") == "x.limit: want int?, got True");
  CHECK(fault_of(R"({"must":"","names":"a"})") == "x.names: want list[str]?, got 'a'");
  CHECK(fault_of(R"({"must":"","limit":9,"sizes":[0]})").empty());
}

TEST_CASE("several faults at once") {
  const std::string text = fault_of(R"({"flag":"maybe","zzz":1})");
  CHECK(text.starts_with("3 faults"));
  CHECK(text.find("x.flag: want bool") != std::string::npos);
  CHECK(text.find("x.must") != std::string::npos);
  CHECK(text.find("x.zzz: unknown key") != std::string::npos);
}

TEST_CASE("unknown keys of old files can be ignored") {
  Options options;
  config::load(options, Value::parse(R"({"must":"a","old":1})"), "x", UnknownKeys::ignore);
  CHECK(options.must == "a");
}
