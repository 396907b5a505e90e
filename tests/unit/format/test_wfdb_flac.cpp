#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/format/wfdb_flac.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

std::vector<std::vector<std::int32_t>> waves(std::size_t channels, std::size_t length, int limit) {
  std::vector<std::vector<std::int32_t>> result(channels);
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t t = 0; t < length; ++t)
      result[c].push_back(static_cast<std::int32_t>((t * 37 + c * 11) % (2 * limit)) - limit);
  return result;
}

}  // namespace

TEST_CASE("FLAC is lossless in all three formats") {
  for (const auto& [format, limit] : {std::pair{508, 128}, {516, 32768}, {524, 8388608}}) {
    const auto channels = waves(3, 9000, limit);
    const std::string bytes = encode_flac(format, channels);
    CHECK(flac_length(as_bytes(bytes), "x") == 9000);
    CHECK(decode_flac(as_bytes(bytes), "x", format, 3, 0, 9000) == channels);
    const auto part = decode_flac(as_bytes(bytes), "x", format, 3, 4095, 3);
    CHECK(part[2] ==
          std::vector<std::int32_t>(channels[2].begin() + 4095, channels[2].begin() + 4098));
  }
}

TEST_CASE("FLAC that does not fit the header is a data error") {
  const std::string bytes = encode_flac(516, waves(2, 500, 1000));
  CHECK_THROWS_AS(decode_flac(as_bytes(bytes), "x", 516, 3, 0, 500), Error);
  CHECK_THROWS_AS(decode_flac(as_bytes(bytes), "x", 508, 2, 0, 500), Error);
  CHECK_THROWS_AS(decode_flac(as_bytes(bytes), "x", 516, 2, 0, 501), Error);
  CHECK_THROWS_AS(decode_flac(as_bytes(std::string("fLaC")), "x", 516, 2, 0, 1), Error);
  CHECK_THROWS_AS(decode_flac(as_bytes(std::string("nonsense")), "x", 516, 2, 0, 1), Error);
  CHECK_THROWS_AS(flac_length(as_bytes(std::string("fLaC")), "x"), Error);
  const std::string cut = bytes.substr(0, bytes.size() / 2);
  CHECK_THROWS_AS(decode_flac(as_bytes(cut), "x", 516, 2, 0, 500), Error);
  for (std::size_t at = 0; at < bytes.size(); at += 7) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    try {
      decode_flac(as_bytes(damaged), "x", 516, 2, 0, 500);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::data);
    }
  }
}
