#include "einthoven/model/wav2vec2/contrast.h"

#include <torch/torch.h>

#include <limits>

#include "einthoven/nn/mixed_precision.h"

namespace einthoven::model {
namespace {

at::Tensor normalised(const at::Tensor& x) {
  const auto wide = x.to(torch::kFloat);
  return wide / wide.norm(2, -1, true).clamp_min(1e-8);
}

/// Cosines of each token with its target [B, M] and with its distractors [n, B, M].
struct Cosines {
  at::Tensor target_BM;
  at::Tensor distractors_nBM;
};

/// Where the candidates are the targets, both come from one product: a distractor equal to the
/// target then has the very same cosine, and a tie stays a tie.
Cosines cosines(const at::Tensor& x_BMF, const at::Tensor& target_BMF,
                const Distractors& distractors) {
  const auto B = x_BMF.size(0), M = x_BMF.size(1), F = x_BMF.size(2);
  const auto candidates_BKF = normalised(distractors.candidates_BKF);
  const auto K = candidates_BKF.size(1);
  const auto& rows_BMn = distractors.rows_BMn;
  Cosines result;
  if (distractors.within_row) {
    const auto all_BMK = torch::bmm(x_BMF, candidates_BKF.transpose(1, 2));
    const auto first_row = torch::arange(B, rows_BMn.options()).view({B, 1, 1}) * K;
    result.distractors_nBM = all_BMK.gather(2, rows_BMn - first_row).permute({2, 0, 1});
    if (distractors.are_targets) result.target_BM = all_BMK.diagonal(0, 1, 2);
  } else {
    const auto all = torch::mm(x_BMF.reshape({B * M, F}), candidates_BKF.reshape({B * K, F}).t());
    result.distractors_nBM =
        all.gather(1, rows_BMn.reshape({B * M, -1})).view({B, M, -1}).permute({2, 0, 1});
    if (distractors.are_targets) result.target_BM = all.diagonal().view({B, M});
  }
  if (!distractors.are_targets) result.target_BM = (x_BMF * normalised(target_BMF)).sum(-1);
  return result;
}

}  // namespace

at::Tensor contrast_logits(const at::Tensor& x_BMF, const at::Tensor& target_BMF,
                           const Distractors& distractors, const at::Tensor& equal_nBM,
                           double temperature) {
  const nn::FullPrecision exact;
  const auto x = normalised(x_BMF);
  const auto cosine = cosines(x, target_BMF, distractors);
  auto negatives = cosine.distractors_nBM;
  if (distractors.extra_nBMF.defined())
    negatives = torch::cat({negatives, (x * normalised(distractors.extra_nBMF)).sum(-1)});
  negatives = negatives / temperature;
  if (equal_nBM.defined())
    negatives = negatives.masked_fill(equal_nBM, -std::numeric_limits<float>::infinity());
  return torch::cat({cosine.target_BM.unsqueeze(0) / temperature, negatives});
}

at::Tensor row_identities(const at::Tensor& rows_nF) {
  torch::NoGradGuard no_grad;
  return std::get<1>(torch::unique_dim(rows_nF.detach(), 0, /*sorted=*/true,
                                       /*return_inverse=*/true));
}

}  // namespace einthoven::model
