#include <doctest/doctest.h>

#include "einthoven/base/hash.h"

using namespace einthoven;

TEST_CASE("SHA-256 of the standard's examples") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("XXH128 as xxh128sum prints it, in one piece or several") {
  CHECK(xxh128(as_bytes("")) == "xxh128:99aa06d3014798d86001c324468d497f");
  CHECK(xxh128(as_bytes("abc")) == "xxh128:06b05ab6733a618578af5f94892f3950");
  Xxh128 hash;
  hash.update(as_bytes("a"));
  hash.update(as_bytes("bc"));
  CHECK(hash.text() == xxh128(as_bytes("abc")));
}

TEST_CASE("CRC-16 of CCITT: the check value of the catalogues") {
  CHECK(crc16_ccitt(as_bytes("123456789")) == 0x29B1);
}
