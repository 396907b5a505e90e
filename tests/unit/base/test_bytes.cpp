#include <doctest/doctest.h>

#include "einthoven/base/bytes.h"
#include "einthoven/base/error.h"

using namespace einthoven;

TEST_CASE("numbers in both byte orders") {
  ByteReader reader(as_bytes(std::string_view("\x01\x02\x01\x02", 4)), "f");
  CHECK(reader.read<std::uint16_t>() == 0x0201);
  CHECK(reader.read<std::uint16_t>(std::endian::big) == 0x0102);
  CHECK(reader.at_end());
}

TEST_CASE("reading past the end names the source and the offset") {
  ByteReader reader(as_bytes("abc"), "f.dat");
  reader.skip(2);
  try {
    reader.read<std::uint32_t>();
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::data);
    CHECK(error.message() == "f.dat@2: length: truncated (got 1 bytes, want 4)");
  }
  CHECK_THROWS_AS(reader.seek(4), Error);
}

TEST_CASE("writer and reader agree") {
  ByteWriter writer;
  writer.write<double>(-1.5, std::endian::big);
  writer.write<std::int16_t>(-2);
  ByteReader reader(as_bytes(writer.str()), "f");
  CHECK(reader.read<double>(std::endian::big) == -1.5);
  CHECK(reader.read<std::int16_t>() == -2);
}
