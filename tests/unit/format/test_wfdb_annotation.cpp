#include <doctest/doctest.h>

#include <set>

#include "einthoven/base/error.h"
#include "einthoven/base/random.h"
#include "einthoven/format/wfdb_annotation.h"
#include "temporary_folder.h"

using namespace einthoven;
using namespace einthoven::format;
using namespace std::string_view_literals;

namespace {

WfdbAnnotations parse(std::string_view bytes) {
  return parse_wfdb_annotations(as_bytes(bytes), "x");
}

signal::Annotation mark(std::int64_t sample, std::string symbol, std::string text = "") {
  signal::Annotation item;
  item.sample = sample;
  item.symbol = std::move(symbol);
  item.text = std::move(text);
  return item;
}

bool same(const signal::Annotation& a, const signal::Annotation& b) {
  return a.sample == b.sample && a.symbol == b.symbol && a.subtype == b.subtype &&
         a.channel == b.channel && a.number == b.number && a.text == b.text;
}

}  // namespace

TEST_CASE("bytes made by hand") {
  // N at 18; SKIP 65536 then V at 65556; SUB -1, CHN 2, NUM 3, AUX "(AF"; + 4 later; end.
  const auto read = parse(
      "\x12\x04\x00\xec\x01\x00\x00\x00\x02\x14\xff\xf4\x02\xf8\x03\xf0\x03\xfc(AF\x00\x04\x70"
      "\x00\x00\x99\x99"sv);
  REQUIRE(read.items.size() == 3);
  CHECK(same(read.items[0], mark(18, "N")));
  auto v = mark(65556, "V", "(AF");
  v.subtype = -1;
  v.channel = 2;
  v.number = 3;
  CHECK(same(read.items[1], v));
  auto rhythm = mark(65560, "+");  // channel and number go on, subtype and text do not
  rhythm.channel = 2;
  rhythm.number = 3;
  CHECK(same(read.items[2], rhythm));
}

TEST_CASE("truncated annotations are data errors, missing ends are accepted") {
  CHECK(parse("\x12\x04"sv).items.size() == 1);
  CHECK(parse("\x12\x04\x05"sv).items.size() == 1);
  CHECK(parse(""sv).items.empty());
  CHECK_THROWS_AS(parse("\x00\xec\x01\x00"sv), Error);
  CHECK_THROWS_AS(parse("\x12\x04\x09\xfc(A"sv), Error);
}

TEST_CASE("annotations survive writing") {
  WfdbAnnotations all;
  all.rate_hz = 250.5;
  std::int64_t sample = 0;
  for (const auto& code : annotation_codes())
    if (code.code > 0)
      all.items.push_back(mark(sample += 7 + code.code * 97, std::string(code.symbol)));
  all.items.push_back(mark(sample, "mine", "odd"));
  all.items.push_back(mark(sample - 5, "[48]", "even"));
  all.items.push_back(mark(std::int64_t{1} << 33, "N"));
  all.items.back().channel = 11;
  all.items.push_back(mark((std::int64_t{1} << 33) + 1023, "N"));
  all.items.back().number = -4;
  all.items.back().subtype = -128;
  const auto read = parse(wfdb_annotation_bytes(all));
  CHECK(read.rate_hz == 250.5);
  REQUIRE(read.items.size() == all.items.size());
  for (std::size_t i = 0; i < read.items.size(); ++i) {
    CAPTURE(i);
    CHECK(same(read.items[i], all.items[i]));
  }
  REQUIRE(read.definitions.size() == 1);
  CHECK(read.definitions[0].symbol == "mine");
}

TEST_CASE("what a file cannot hold is refused") {
  WfdbAnnotations long_text;
  long_text.items = {mark(0, "N", std::string(256, 'x'))};
  CHECK_THROWS_AS(wfdb_annotation_bytes(long_text), Error);
  WfdbAnnotations many;
  for (const char* symbol : {"a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9"})
    many.items.push_back(mark(0, symbol));
  CHECK_THROWS_AS(wfdb_annotation_bytes(many), Error);
  WfdbAnnotations blank;
  blank.items = {mark(0, "two words")};
  CHECK_THROWS_AS(wfdb_annotation_bytes(blank), Error);
}

TEST_CASE("the table of codes has no doubles and knows the beats") {
  std::set<std::string_view> symbols;
  for (const auto& code : annotation_codes()) symbols.insert(code.symbol);
  CHECK(symbols.size() == annotation_codes().size());
  CHECK(find_annotation_symbol("V")->is_beat);
  CHECK_FALSE(find_annotation_symbol("(")->is_beat);
  CHECK(find_annotation_symbol("nothing") == nullptr);
}

TEST_CASE("files") {
  const TemporaryFolder folder;
  WfdbAnnotations one;
  one.items = {mark(5, "N")};
  write_wfdb_annotations(folder.path() / "r.atr", one);
  CHECK(read_wfdb_annotations(folder.path() / "r.atr").items.size() == 1);
  CHECK_THROWS_AS(read_wfdb_annotations(folder.path() / "none.atr"), Error);
}

TEST_CASE("random bytes are read or are a data error") {
  RandomStream random(6, "annotations");
  for (int round = 0; round < 3000; ++round) {
    std::string bytes(random.below(60), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.below(256));
    try {
      const auto read = parse(bytes);
      CHECK(read.items.size() <= bytes.size() / 2);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::data);
    }
  }
}
