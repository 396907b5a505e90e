#include "einthoven/model/wav2vec2/contrast.h"

#include <torch/torch.h>

#include <limits>

namespace einthoven::model {
namespace {

at::Tensor normalised(const at::Tensor& x) { return x / x.norm(2, -1, true).clamp_min(1e-8); }

/// Cosines of each token with its distractors, [n, B, M].
at::Tensor distractor_cosines(const at::Tensor& x_BMF, const Distractors& distractors) {
  const auto B = x_BMF.size(0), M = x_BMF.size(1), F = x_BMF.size(2);
  const auto candidates_BKF = normalised(distractors.candidates_BKF);
  const auto K = candidates_BKF.size(1);
  at::Tensor picked_BMn;
  if (distractors.within_row) {
    const auto first_row = torch::arange(B, distractors.rows_BMn.options()).view({B, 1, 1}) * K;
    picked_BMn = torch::bmm(x_BMF, candidates_BKF.transpose(1, 2))
                     .gather(2, distractors.rows_BMn - first_row);
  } else {
    picked_BMn = torch::mm(x_BMF.reshape({B * M, F}), candidates_BKF.reshape({B * K, F}).t())
                     .gather(1, distractors.rows_BMn.reshape({B * M, -1}))
                     .view({B, M, -1});
  }
  return picked_BMn.permute({2, 0, 1});
}

}  // namespace

at::Tensor contrast_logits(const at::Tensor& x_BMF, const at::Tensor& target_BMF,
                           const Distractors& distractors, const at::Tensor& equal_nBM,
                           double temperature) {
  const auto x = normalised(x_BMF);
  auto negatives = distractor_cosines(x, distractors);
  if (distractors.extra_nBMF.defined())
    negatives = torch::cat({negatives, (x * normalised(distractors.extra_nBMF)).sum(-1)});
  negatives = negatives / temperature;
  if (equal_nBM.defined())
    negatives = negatives.masked_fill(equal_nBM, -std::numeric_limits<float>::infinity());
  const auto positive = (x * normalised(target_BMF)).sum(-1) / temperature;
  return torch::cat({positive.unsqueeze(0), negatives});
}

at::Tensor row_identities(const at::Tensor& rows_nF) {
  torch::NoGradGuard no_grad;
  return std::get<1>(torch::unique_dim(rows_nF.detach(), 0, /*sorted=*/true,
                                       /*return_inverse=*/true));
}

}  // namespace einthoven::model
