#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/format/sierra_xli.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

std::string packed(const std::vector<std::uint32_t>& codes) {
  std::string out;
  std::uint64_t buffer = 0;
  int count = 0;
  for (const std::uint32_t code : codes) {
    buffer = buffer << 10 | code;
    for (count += 10; count >= 8; count -= 8)
      out.push_back(static_cast<char>(buffer >> (count - 8)));
  }
  if (count > 0) out.push_back(static_cast<char>(buffer << (8 - count)));
  return out;
}

std::string decoded(const std::vector<std::uint32_t>& codes, std::size_t limit = 100) {
  return decode_lzw10(as_bytes(packed(codes)), limit, "x");
}

}  // namespace

TEST_CASE("LZW: bytes, known strings and the string that is just being made") {
  CHECK(decoded({'a', 'b', 256, 'c', 1023}) == "ababc");
  CHECK(decoded({'a', 256, 257, 1023}) == "aaaaaa");
  CHECK(decoded({'a', 1023, 'b'}) == "a");
  CHECK(decoded({'a', 'b'}) == "ab");
  CHECK(decoded({1023}).empty());
}

TEST_CASE("LZW: unknown codes and long texts are data errors") {
  CHECK_THROWS_AS(decoded({256}), Error);
  CHECK_THROWS_AS(decoded({'a', 300}), Error);
  CHECK_THROWS_AS(decoded({'a', 256, 257, 258, 259}, 10), Error);
}

TEST_CASE("XLI: deviations from a line, high bytes first") {
  // Values 10, 12, 64, 65: the third sample uses the first deviation of the header (here 3).
  const std::string text = packed({0, 0, 0, 0, 10, 12, 64, 65, 1023});
  ByteWriter out;
  out.write(static_cast<std::int32_t>(text.size()));
  out.write(std::int16_t{0});
  out.write(std::int16_t{3});
  out.text(text);
  const auto channels = decode_xli(as_bytes(out.str()), "x");
  REQUIRE(channels.size() == 1);
  CHECK(channels[0] == std::vector<std::int16_t>{10, 12, 11, 10});
  CHECK_THROWS_AS(decode_xli(as_bytes(out.str()).first(out.size() - 1), "x"), Error);
  CHECK_THROWS_AS(decode_xli(as_bytes(out.str()).first(5), "x"), Error);
}
