// The exponential function in loops that vectorise.
#pragma once

#include <bit>
#include <cstdint>

#include "einthoven/nn/vectorised.h"

namespace einthoven::nn {

/// exp(x) for x <= 0 to two units in the last place: 2^n times a polynomial of the rest
/// (coefficients of Moshier's Cephes); 0 below -87.
EINTHOVEN_INLINE float exp_of(float x) {
  const float limited = x < -87.0F ? -87.0F : x;
  const float magic = 12582912.0F;  // 1.5 * 2^23: adding it rounds to an integer
  const float shifted = limited * 1.44269504F + magic;
  const float n = shifted - magic;
  const float r = (limited - n * 0.693359375F) - n * -2.12194440e-4F;
  float p = 1.9875691500e-4F;
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * r * r + r + 1.0F;
  const auto exponent = (std::bit_cast<std::int32_t>(shifted) - 0x4B400000 + 127) << 23;
  const float power = p * std::bit_cast<float>(exponent);
  const auto keep = -static_cast<std::int32_t>(!(x < -87.0F));  // no branch; NaN stays NaN
  return std::bit_cast<float>(std::bit_cast<std::int32_t>(power) & keep);
}

}  // namespace einthoven::nn
