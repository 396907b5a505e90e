#include "einthoven/model/wav2vec2/negatives.h"

#include <torch/torch.h>

#include "einthoven/base/error.h"

namespace einthoven::model {
namespace {

/// Draws below `candidates` - 1 and moves those at or above `own` by one, so that `own` is never
/// met. `own` broadcasts against `shape`.
at::Tensor draw_others(std::int64_t candidates, at::IntArrayRef shape, const at::Tensor& own) {
  if (candidates < 2)
    throw data_error("model", "negatives", "one masked token leaves nothing to contrast with");
  const auto drawn = torch::randint(candidates - 1, shape, torch::kLong);
  return drawn + drawn.ge(own).to(torch::kLong);
}

/// Uniform below `bound_B - 1` per row.
at::Tensor draw_others_per_row(const at::Tensor& bound_B, at::IntArrayRef shape,
                               const at::Tensor& own) {
  const auto bound = (bound_B - 1).clamp_min(1).view({-1, 1, 1});
  const auto drawn = (torch::rand(shape, torch::kDouble) * bound).to(torch::kLong);
  return drawn + drawn.ge(own).to(torch::kLong);
}

}  // namespace

at::Tensor draw_masked_negatives(std::int64_t batch, std::int64_t masked, std::int64_t within,
                                 std::int64_t across, CrossSample rule) {
  const auto row_B11 = torch::arange(batch).view({-1, 1, 1}) * masked;
  const auto column_1M1 = torch::arange(masked).view({1, -1, 1});
  std::vector<at::Tensor> parts;
  if (within > 0)
    parts.push_back(draw_others(masked, {batch, masked, within}, column_1M1) + row_B11);
  const auto own = rule == CrossSample::legacy ? column_1M1 : column_1M1 + row_B11;
  if (across > 0) parts.push_back(draw_others(batch * masked, {batch, masked, across}, own));
  return parts.empty() ? torch::empty({batch, masked, 0}, torch::kLong) : torch::cat(parts, 2);
}

at::Tensor draw_negatives_from_everywhere(const at::Tensor& positions_BM, const at::Tensor& valid_B,
                                          std::int64_t tokens, std::int64_t within,
                                          std::int64_t across) {
  const auto batch = positions_BM.size(0), masked = positions_BM.size(1);
  const auto row_B11 = torch::arange(batch).view({-1, 1, 1}) * tokens;
  const auto own = positions_BM.unsqueeze(2);
  std::vector<at::Tensor> parts;
  if (within > 0)
    parts.push_back(draw_others_per_row(valid_B, {batch, masked, within}, own) + row_B11);
  if (across > 0) {
    // Valid tokens of all rows, numbered through; then back to rows of [B * tokens].
    const auto valid = torch::arange(tokens).unsqueeze(0) < valid_B.unsqueeze(1);
    const auto rows = valid.flatten().nonzero().squeeze(1);
    const auto rank = (valid.flatten().cumsum(0) - 1);
    const auto own_rank = rank.index_select(0, (own + row_B11).flatten()).view({batch, masked, 1});
    const auto drawn = draw_others(rows.size(0), {batch, masked, across}, own_rank);
    parts.push_back(rows.index_select(0, drawn.flatten()).view_as(drawn));
  }
  return parts.empty() ? torch::empty({batch, masked, 0}, torch::kLong) : torch::cat(parts, 2);
}

}  // namespace einthoven::model
