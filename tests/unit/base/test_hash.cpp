#include <doctest/doctest.h>

#include "einthoven/base/hash.h"

using namespace einthoven;

TEST_CASE("SHA-256 of the standard's examples") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("CRC-16 of CCITT: the check value of the catalogues") {
  CHECK(crc16_ccitt(as_bytes("123456789")) == 0x29B1);
}
