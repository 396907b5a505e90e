#include <doctest/doctest.h>

#include <vector>

#include "einthoven/base/random.h"
#include "einthoven/format/wfdb_codec.h"
#include "einthoven/format/wfdb_signal.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

std::vector<std::int32_t> unpack(int format, std::string_view bytes, std::size_t count) {
  REQUIRE(packed_size(format, count) <= bytes.size());
  std::vector<std::int32_t> out(count);
  unpack_samples(format, as_bytes(bytes), 0, out);
  return out;
}

using Samples = std::vector<std::int32_t>;

}  // namespace

// Bytes worked out by hand from signal(5).
TEST_CASE("each format decodes bytes made by hand") {
  using namespace std::string_view_literals;
  CHECK(unpack(8, "\x01\xff\x80"sv, 3) == Samples{1, -1, -128});
  CHECK(unpack(16, "\x01\x02\xff\xff\x00\x80"sv, 3) == Samples{513, -1, -32768});
  CHECK(unpack(24, "\x01\x02\x03\xff\xff\xff\x00\x00\x80"sv, 3) == Samples{197121, -1, -8388608});
  CHECK(unpack(32, "\x01\x02\x03\x04\xfe\xff\xff\xff"sv, 2) == Samples{67305985, -2});
  CHECK(unpack(61, "\x02\x01\xff\xfe"sv, 2) == Samples{513, -2});
  CHECK(unpack(80, "\x00\x80\xff"sv, 3) == Samples{-128, 0, 127});
  CHECK(unpack(160, "\x00\x00\x00\x80\xff\xff"sv, 3) == Samples{-32768, 0, 32767});
  // 0x123 and 0xFFF: low byte, both high nibbles, low byte.
  CHECK(unpack(212, "\x23\xf1\xff"sv, 2) == Samples{0x123, -1});
  CHECK(unpack(212, "\x23\xf1\xff\x00\x08"sv, 3) == Samples{0x123, -1, -2048});
  // 310: 1 and 2 shifted by one bit, 0x21 split into 1 (low five bits) and 1 (high five bits).
  CHECK(unpack(310, "\x02\x08\x04\x08"sv, 3) == Samples{1, 2, 0x21});
  // 311: 1 | 2 << 10 | 0x3FF << 20.
  CHECK(unpack(311, "\x01\x08\xf0\x3f"sv, 3) == Samples{1, 2, -1});
}

TEST_CASE("packing and unpacking are inverse for every format and every start") {
  RandomStream random(7, "codec");
  for (const int format : {8, 16, 24, 32, 61, 80, 160, 212, 310, 311}) {
    const std::int64_t low = format == 8 ? -128 : invalid_sample(format);
    const std::int64_t high = format == 8 ? 127 : sample_range(format).highest;
    for (const std::size_t count : {1U, 2U, 3U, 4U, 5U, 6U, 100U}) {
      Samples samples;
      for (std::size_t i = 0; i < count; ++i)
        samples.push_back(static_cast<std::int32_t>(random.randint(low, high + 1)));
      const std::string bytes = pack_samples(format, samples);
      CAPTURE(format);
      REQUIRE(bytes.size() >= packed_size(format, count));
      for (std::size_t first = 0; first < std::min<std::size_t>(count, 7); ++first) {
        Samples part(count - first);
        unpack_samples(format, as_bytes(bytes), first, part);
        CHECK(part == Samples(samples.begin() + static_cast<std::ptrdiff_t>(first), samples.end()));
      }
    }
  }
}

TEST_CASE("sizes") {
  CHECK(packed_size(212, 3) == 5);
  CHECK(packed_size(310, 4) == 6);
  CHECK(packed_size(311, 5) == 7);
  CHECK(samples_in(212, 5) == 3);
  CHECK(samples_in(24, 8) == 2);
  CHECK(is_packed_format(212));
  CHECK_FALSE(is_packed_format(516));
  CHECK(is_flac_format(516));
  CHECK_FALSE(is_packed_format(17));
}
