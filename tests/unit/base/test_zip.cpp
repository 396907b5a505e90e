#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/base/zip_reader.h"
#include "einthoven/base/zip_writer.h"

namespace einthoven {
namespace {

std::string archive_of(std::uint64_t zip64_from = 0xFFFFFFFF) {
  const fs::path path = fs::temp_directory_path() / "einthoven_test.zip";
  AtomicFile file(path);
  ZipWriter zip(file, zip64_from);
  zip.add("first", as_bytes("12345"));
  zip.add("second", as_bytes(std::string(1000, 'x')));
  zip.add("empty", as_bytes(""));
  zip.finish();
  file.commit();
  return read_file(path);
}

void put32(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i)
    bytes[at + static_cast<std::size_t>(i)] = static_cast<char>(value >> (8 * i));
}

void put16(std::string& bytes, std::size_t at, std::uint16_t value) {
  bytes[at] = static_cast<char>(value);
  bytes[at + 1] = static_cast<char>(value >> 8);
}

/// Offset of the central header of the n-th entry.
std::size_t central(const std::string& bytes, int n) {
  std::size_t at = bytes.find("PK\x01\x02");
  while (n-- > 0) at = bytes.find("PK\x01\x02", at + 1);
  return at;
}

void check_refused(const std::string& bytes) {
  CHECK_THROWS_AS(ZipReader(as_bytes(bytes), "x"), Error);
}

TEST_CASE("written entries are read back, aligned to 64 bytes") {
  for (const std::uint64_t zip64_from : {0xFFFFFFFFULL, 0ULL, 500ULL}) {
    CAPTURE(zip64_from);
    const std::string bytes = archive_of(zip64_from);
    const ZipReader zip(as_bytes(bytes), "x");
    REQUIRE(zip.entries().size() == 3);
    CHECK(zip.extract(*zip.find("first")) == "12345");
    CHECK(zip.extract(*zip.find("second")) == std::string(1000, 'x'));
    CHECK(zip.extract(*zip.find("empty")).empty());
    CHECK(zip.find("third") == nullptr);
    for (const auto& entry : zip.entries()) CHECK(entry.offset % 64 == 0);
  }
}

TEST_CASE("a changed byte of the content is noticed") {
  std::string bytes = archive_of();
  bytes[bytes.find("12345")] = '9';
  const ZipReader zip(as_bytes(bytes), "x");
  CHECK_THROWS_WITH_AS(zip.stored(*zip.find("first")), "x: first: damaged: CRC-32 differs", Error);
}

TEST_CASE("lies of the directory are refused") {
  const std::string good = archive_of();
  const std::size_t end = good.rfind("PK\x05\x06");

  SUBCASE("cut file") {
    for (std::size_t size = 0; size < good.size(); size += 7) check_refused(good.substr(0, size));
  }
  SUBCASE("size beyond the file") {
    std::string bad = good;
    put32(bad, central(bad, 1) + 20, 0x7FFFFFF0);
    put32(bad, central(bad, 1) + 24, 0x7FFFFFF0);
    check_refused(bad);
  }
  SUBCASE("more entries than fit") {
    std::string bad = good;
    put16(bad, end + 8, 60000);
    put16(bad, end + 10, 60000);
    check_refused(bad);
  }
  SUBCASE("two entries over the same bytes") {
    std::string bad = good;
    const std::size_t second = central(bad, 1);
    const std::string offset_of_first = bad.substr(central(bad, 0) + 42, 4);
    bad.replace(second + 42, 4, offset_of_first);
    check_refused(bad);  // its local header has the other name
  }
  SUBCASE("a deflated entry that would expand a millionfold") {
    std::string bad = good;
    put16(bad, central(bad, 0) + 10, 8);
    put32(bad, central(bad, 0) + 24, 5'000'000);
    check_refused(bad);
  }
  SUBCASE("encrypted") {
    std::string bad = good;
    put16(bad, central(bad, 0) + 8, 1);
    check_refused(bad);
  }
  SUBCASE("directory outside the file") {
    std::string bad = good;
    put32(bad, end + 16, 0x7FFFFFFF);
    check_refused(bad);
  }
}

}  // namespace
}  // namespace einthoven
