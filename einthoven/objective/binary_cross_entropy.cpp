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

MultiLabelCounts count_labels(const at::Tensor& predicted_BK, const at::Tensor& target_BK) {
  const auto predicted = predicted_BK.to(torch::kBool), target = target_BK.to(torch::kBool);
  const auto agrees = predicted.eq(target);
  return {agrees.sum(), agrees.all(1).sum(), (predicted & target).sum(),
          (predicted & target.logical_not()).sum(), (target & predicted.logical_not()).sum()};
}

}  // namespace einthoven::objective
