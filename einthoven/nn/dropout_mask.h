// Which entries dropout keeps, as a function of their place: nothing has to be stored.
#pragma once

#include <cstdint>

#include "einthoven/nn/vectorised.h"

namespace einthoven::nn {

/// A mask drawn from torch's CPU generator by a single number.
struct DropoutMask {
  std::uint32_t seed = 0;
  std::uint32_t threshold = 0;  ///< entries whose hash is below are dropped
  float scale = 1;              ///< of those that stay

  /// `scale` or 0 for entry `index` of row `row`.
  EINTHOVEN_INLINE float factor(std::uint32_t row, std::uint32_t index) const {
    return hashed(index + hashed(row ^ seed)) < threshold ? 0.0F : scale;
  }

 private:
  /// A permutation of 32 bits whose output bits look independent (multiply and shift, constants of
  /// Wellons' search for low bias).
  static EINTHOVEN_INLINE std::uint32_t hashed(std::uint32_t x) {
    x ^= x >> 16;
    x *= 0x7FEB352DU;
    x ^= x >> 15;
    x *= 0x846CA68BU;
    return x ^ (x >> 16);
  }
};

/// The mask of a seed that was drawn before.
DropoutMask dropout_mask(std::uint32_t seed, double probability);
/// `probability` of being dropped in [0, 1); 0 draws nothing and keeps all.
DropoutMask draw_dropout(double probability);

}  // namespace einthoven::nn
