// Which distractors a masked token is contrasted with.
// Shapes: B batch, M masked tokens of a row, n distractors of a token.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace einthoven::model {

/// The token that a distractor `across` the batch is kept from being.
enum class CrossSample {
  other,   ///< any but the token itself
  legacy,  ///< as the reference: compared by position in the row, so a token of a later row may
           ///< meet itself
};

/// Rows of the flattened targets [B * M]: `within` from the token's own segment and `across` from
/// the whole batch, never the token itself. int64 [B, M, within + across], drawn on the CPU from
/// torch's generator.
at::Tensor draw_masked_negatives(std::int64_t batch, std::int64_t masked, std::int64_t within,
                                 std::int64_t across, CrossSample rule = CrossSample::other);

/// The same with all `tokens` of each row as candidates, rows of [B * tokens]. `positions_BM` are
/// the tokens that are contrasted, `valid_B` how many tokens of each row are not padding (CPU).
at::Tensor draw_negatives_from_everywhere(const at::Tensor& positions_BM, const at::Tensor& valid_B,
                                          std::int64_t tokens, std::int64_t within,
                                          std::int64_t across);

}  // namespace einthoven::model
