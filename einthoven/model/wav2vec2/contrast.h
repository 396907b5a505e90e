// Cosine logits of a token against its target and its distractors.
// Shapes: B batch, M masked tokens of a row, F width of the contrastive space, K candidates of a
// row, n distractors of a token.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace einthoven::model {

struct Distractors {
  at::Tensor candidates_BKF;  ///< what `rows_BMn` refers to
  at::Tensor rows_BMn;        ///< int64 rows of the flattened candidates [B * K]
  bool are_targets = false;   ///< candidate [b, m] is the target of token [b, m]
  bool within_row = true;     ///< all rows_BMn of row b lie in [b K, (b + 1) K)
  at::Tensor extra_nBMF;      ///< further distractors (codebook entries), may be undefined
};

/// [1 + n, B, M]: entry 0 is the target. Normalises every vector once and picks the wanted entries
/// from one product per row, instead of gathering n vectors for each token.
/// `equal_nBM` (bool, may be undefined): distractors equal to the target get -inf.
at::Tensor contrast_logits(const at::Tensor& x_BMF, const at::Tensor& target_BMF,
                           const Distractors& distractors, const at::Tensor& equal_nBM,
                           double temperature);

/// A number for each row [n, F] such that equal rows, and only those, have equal numbers.
at::Tensor row_identities(const at::Tensor& rows_nF);

}  // namespace einthoven::model
