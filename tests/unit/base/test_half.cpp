#include <doctest/doctest.h>

#include <bit>
#include <cmath>

#include "einthoven/base/half.h"

using namespace einthoven;

namespace {

/// By the definition of the format.
float by_definition(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 0x1F, mantissa = bits & 0x3FF;
  const float size = exponent == 0 ? std::ldexp(static_cast<float>(mantissa), -24)
                                   : std::ldexp(static_cast<float>(mantissa + 1024), exponent - 25);
  return bits >= 0x8000 ? -size : size;
}

}  // namespace

TEST_CASE("every half is the float that the format defines, and comes back") {
  for (std::uint32_t i = 0; i < 0x10000; ++i) {
    const auto bits = static_cast<std::uint16_t>(i);
    const float value = half_to_float(bits);
    if ((bits & 0x7C00) == 0x7C00) {
      REQUIRE(((bits & 0x3FF) == 0 ? std::isinf(value) : std::isnan(value)));
      REQUIRE(std::signbit(value) == (bits >= 0x8000));
    } else {
      REQUIRE(std::bit_cast<std::uint32_t>(value) ==
              std::bit_cast<std::uint32_t>(by_definition(bits)));
    }
    if (!std::isnan(value)) REQUIRE(float_to_half(value) == bits);
  }
}

TEST_CASE("floats become the nearest half, ties the even one") {
  CHECK(std::isinf(half_to_float(float_to_half(1e6F))));
  CHECK(std::isnan(half_to_float(float_to_half(NAN))));
  CHECK(half_to_float(float_to_half(1.0F + 0.00048828125F)) == 1.0F);
  CHECK(half_to_float(float_to_half(1.0F + 0.00146484375F)) == 1.001953125F);
  CHECK(half_to_float(float_to_half(1e-9F)) == 0);
}
