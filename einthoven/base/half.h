// Half precision (IEEE 754 binary16) to and from float, without branches so that loops vectorise.
#pragma once

#include <bit>
#include <cstdint>

namespace einthoven {

/// Exact; the payload of a NaN stays.
inline float half_to_float(std::uint16_t bits) {
  const std::uint32_t magnitude = static_cast<std::uint32_t>(bits & 0x7FFF) << 13;
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16;
  // Read as a float the exponent is 112 too small, also that of subnormal numbers.
  const auto scaled = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) * 0x1p112F);
  const std::uint32_t special = magnitude >= 0x0F800000 ? 0x7F800000 : 0;
  return std::bit_cast<float>(scaled | special | sign);
}

/// Rounds to nearest, ties to even; too large values become infinite.
std::uint16_t float_to_half(float value);

}  // namespace einthoven
