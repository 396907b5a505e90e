#include "einthoven/objective/info_nce.h"

#include <torch/torch.h>

namespace einthoven::objective {

InfoNce info_nce(const at::Tensor& logits_XBM) {
  const auto entries = logits_XBM.size(0);
  const auto logits = logits_XBM.transpose(0, 2).reshape({-1, entries}).to(torch::kFloat);
  InfoNce result;
  result.count = logits.size(0);
  const auto target = torch::zeros({result.count}, logits.options().dtype(torch::kLong));
  result.loss = torch::cross_entropy_loss(logits, target, {}, at::Reduction::Sum);
  const auto best = logits.argmax(-1).eq(0), worst = logits.argmin(-1).eq(0);
  result.correct = (best & worst.logical_not()).sum();
  return result;
}

at::Tensor diversity_penalty(const at::Tensor& prob_perplexity, std::int64_t codebook_size) {
  const auto size = static_cast<double>(codebook_size);
  return (size - prob_perplexity) / size;
}

}  // namespace einthoven::objective
