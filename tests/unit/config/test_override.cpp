#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/config/override.h"

using einthoven::Error;
using einthoven::ErrorKind;
using einthoven::config::Override;
using einthoven::config::parse_override;

namespace {
std::string value_of(const std::string& text) { return parse_override(text).value.dump(); }
}  // namespace

TEST_CASE("kinds and keys") {
  CHECK(parse_override("a.b=1").kind == Override::Kind::set);
  CHECK(parse_override("+a.b=1").kind == Override::Kind::add);
  CHECK(parse_override("++a.b=1").kind == Override::Kind::force);
  CHECK(parse_override("~a.b").kind == Override::Kind::remove);
  CHECK(parse_override("++a.b_c.d=x=y").key() == "a.b_c.d");
  CHECK(parse_override("~a=1").path == std::vector<std::string>{"a"});
}

TEST_CASE("values of hydra's grammar") {
  CHECK(value_of("a=") == R"("")");
  CHECK(value_of("a=null") == "null");
  CHECK(value_of("a=True") == "true");
  CHECK(value_of("a=yes") == R"("yes")");
  CHECK(value_of("a=12") == "12");
  CHECK(value_of("a=1e-3") == "0.001");
  CHECK(value_of("a=+3") == "3");
  CHECK(value_of("a='12'") == R"("12")");
  CHECK(value_of("a=/data/my run/x.pt") == R"("/data/my run/x.pt")");
  CHECK(value_of("a=[1e-3]") == "[0.001]");
  CHECK(value_of("a=[output,encoder_out, saliency]") == R"(["output","encoder_out","saliency"])");
  CHECK(value_of("a=[[1,2],[],{k:v}]") == R"([[1,2],[],{"k":"v"}])");
  CHECK(value_of("a={k:1,l:[a,b]}") == R"({"k":1,"l":["a","b"]})");
  CHECK(value_of("a=${task.data}") == R"("${task.data}")");
  CHECK(value_of("a=[${x.y},1]") == R"(["${x.y}",1])");
  CHECK(value_of("a=(0.9,0.98)") == "\"(0.9,0.98)\"");
  CHECK(value_of("a=valid,test") == R"("valid,test")");
  CHECK(value_of("a=x=y") == R"("x=y")");
  CHECK(value_of("a={k:x:y,l:[s:t]}") == R"({"k":"x:y","l":["s:t"]})");
  CHECK(value_of("a=007") == R"("007")");
  CHECK(value_of("a=-00") == R"("-00")");
  CHECK(value_of("a=0") == "0");
  CHECK(value_of("a=[1.0,inf]").starts_with("[1.0,"));
}

TEST_CASE("underscores in numbers") {
  CHECK(value_of("a=1_000") == "1000");
  CHECK(value_of("a=-1_0") == "-10");
  CHECK(value_of("a=+1_0") == "10");
  CHECK(value_of("a=1_0.5_0") == "10.5");
  CHECK(value_of("a=1_0e5") == "1000000.0");
  CHECK(value_of("a=[1_0,x_1]") == R"([10,"x_1"])");
  for (const char* text : {"1__0", "1_", "_1", "0_1"})
    CHECK(value_of(std::string("a=") + text) == '"' + std::string(text) + '"');
}

TEST_CASE("casts, as hydra 1.0.7 has them") {
  CHECK(value_of("a=int(3)") == "3");
  CHECK(value_of("a=int( -3.7 )") == "-3");
  CHECK(value_of("a=int (' 1_0 ')") == "10");
  CHECK(value_of("a=int(true)") == "1");
  CHECK(value_of("a=float(3)") == "3.0");
  CHECK(value_of("a=float('1e3')") == "1000.0");
  CHECK(value_of("a=str(3.0)") == R"("3.0")");
  CHECK(value_of("a=str(1e-5)") == R"("1e-05")");
  CHECK(value_of("a=str(1_0)") == R"("10")");
  CHECK(value_of("a=str(true)") == R"("true")");
  CHECK(value_of("a=str(a b)") == R"("a b")");
  CHECK(value_of("a=str(${b})") == R"("${b}")");
  CHECK(value_of("a=bool('False')") == "false");
  CHECK(value_of("a=bool(0.0)") == "false");
  CHECK(value_of("a=bool(null)") == "false");
  CHECK(value_of("a=int([1.5,'2'])") == "[1,2]");
  CHECK(value_of("a=str({a:1,b:[x]})") == R"({"a":"1","b":["x"]})");
  CHECK(value_of("a=float(int(3.7))") == "3.0");
  CHECK(value_of("a=[int(3),x]") == R"([3,"x"])");
  CHECK(value_of("a={k:int(3)}") == R"({"k":3})");
  CHECK(value_of("a=interval") == R"("interval")");
}

TEST_CASE("quotes and escapes of the recorded command lines") {
  CHECK(value_of(R"(+model.conv_feature_layers="[(32, 2, 2)] * 4")") == R"("[(32, 2, 2)] * 4")");
  CHECK(value_of("dataset.valid_subset='valid,test'") == R"("valid,test")");
  CHECK(value_of(R"(a="{'model_path':'/x/y.pt'}")") == R"("{'model_path':'/x/y.pt'}")");
  CHECK(value_of(R"(a=one\,two\ three)") == R"("one,two three")");
  CHECK(value_of(R"(a=\[x\])") == R"("[x]")");
  CHECK(value_of(R"(a='it\'s')") == R"("it's")");
  CHECK(value_of(R"(a=\12)") == R"("12")");
  CHECK(parse_override(R"(a='C:\x\\')").value == R"(C:\x\)");
  CHECK(parse_override(R"(a="\\x\\\"y")").value == R"(\\x\"y)");
}

TEST_CASE("malformed overrides") {
  for (const char* text :
       {"",          "a",           "=1",         "+=1",         ".a=1",       "a.=1",
        "a..b=1",    "a b=1",       "a=[1",       "a=[1,]",      "a={k}",      "a={k:1",
        "a='x",      "a='x'y",      "a=[1]2",     "a=${x",       "a=x)",       "a=[1}",
        "++",        "~",           "a=[,]",      "a=int()",     "a=int(3",    "a=int(1,2)",
        "a=int(x)",  "a=int(null)", "a=int(inf)", "a=str(null)", "a=bool(no)", "a=bool('1')",
        "a=int(3)x", "a=float(x)",  "a=int(1e30)"}) {
    CAPTURE(text);
    try {
      parse_override(text);
      FAIL("was accepted");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::usage);
    }
  }
  CHECK_THROWS_AS(parse_override("a=" + std::string(1000, '[')), Error);
  CHECK_THROWS_WITH(parse_override("lr=[1"), "lr=[1: column 6: expected `,` or `]`");
}
