// Span masks over token sequences (wav2vec 2.0, Baevski et al. 2020), draw for draw as the
// reference.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/base/numpy_random.h"

namespace einthoven {

/// How many spans of which lengths.
struct SpanMaskOptions {
  double prob = 0.65;           ///< share of tokens that start a span, times length
  std::int64_t length = 10;     ///< mean length of a span in tokens
  std::string type = "static";  ///< of the lengths: static, uniform, normal, poisson
  double other = 0;             ///< uniform: smallest length; normal: standard deviation
  std::int64_t min_masks = 0;   ///< spans per row at least
  bool no_overlap = false;
  std::int64_t min_space = 0;  ///< unmasked tokens kept between spans that do not overlap
};

/// Masked positions of each row, sorted. All rows have equally many: longer rows keep a random
/// subset of single positions. `padded[i]` tokens at the end of row i are never masked; empty:
/// nothing is padded. Rows without room for a mask make all rows empty. config error on an unknown
/// type or impossible numbers.
std::vector<std::vector<std::int64_t>> span_mask(std::int64_t rows, std::int64_t tokens,
                                                 const std::vector<std::int64_t>& padded,
                                                 const SpanMaskOptions& options,
                                                 NumpyRandom& random);

}  // namespace einthoven
