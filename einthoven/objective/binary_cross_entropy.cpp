#include "einthoven/objective/binary_cross_entropy.h"

#include <torch/torch.h>

#include <optional>

namespace einthoven::objective {
namespace {

std::optional<at::Tensor> if_defined(const at::Tensor& tensor) {
  return tensor.defined() ? std::optional<at::Tensor>(tensor) : std::nullopt;
}

}  // namespace

at::Tensor binary_cross_entropy(const at::Tensor& logits_BK, const at::Tensor& target_BK,
                                const BinaryCrossEntropyOptions& options) {
  return torch::binary_cross_entropy_with_logits(
      logits_BK, target_BK.to(logits_BK.scalar_type()), if_defined(options.weight_K),
      if_defined(options.pos_weight_K), at::Reduction::Sum);
}

at::Tensor multi_head_binary_cross_entropy(const at::Tensor& logits_M, const at::Tensor& target_M,
                                           const at::Tensor& head_M, const at::Tensor& weight_M) {
  const auto losses_M = torch::binary_cross_entropy_with_logits(
      logits_M, target_M.to(logits_M.scalar_type()), if_defined(weight_M), std::nullopt,
      at::Reduction::None);
  const auto labels_of_head = torch::bincount(head_M);
  return (losses_M / labels_of_head.index_select(0, head_M)).sum() / labels_of_head.gt(0).sum();
}

MultiLabelCounts count_labels(const at::Tensor& predicted_BK, const at::Tensor& target_BK) {
  const auto predicted = predicted_BK.to(torch::kBool), target = target_BK.to(torch::kBool);
  const auto agrees = predicted.eq(target);
  return {agrees.sum(), agrees.all(1).sum(), (predicted & target).sum(),
          (predicted & target.logical_not()).sum(), (target & predicted.logical_not()).sum()};
}

}  // namespace einthoven::objective
