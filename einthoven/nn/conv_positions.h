// Relative positions by a wide grouped convolution (wav2vec 2.0).
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <cstdint>

namespace einthoven::nn {

/// Conv1d whose weight is g[k] * v[:, :, k] / ||v[:, :, k]||: one scale per kernel tap (weight
/// normalisation over dimension 2, Salimans and Kingma 2016). State keys: bias,
/// parametrizations.weight.original0 (g, [1, 1, K]) and .original1 (v, [D, D/groups, K]).
class WeightNormConvImpl : public torch::nn::Module {
 public:
  WeightNormConvImpl(std::int64_t width, std::int64_t kernel, std::int64_t groups);

  /// [B, D, N] -> [B, D, N + 1 - kernel % 2].
  at::Tensor forward(const at::Tensor& x_BDN);

 private:
  std::int64_t kernel_;
  std::int64_t groups_;
  at::Tensor bias_, scale_, direction_;
};
TORCH_MODULE(WeightNormConv);

/// What is added to the tokens: GELU of that convolution, cut to the number of tokens.
class ConvPositionsImpl : public torch::nn::Module {
 public:
  ConvPositionsImpl(std::int64_t width, std::int64_t kernel, std::int64_t groups);

  /// [B, N, D] -> [B, N, D].
  at::Tensor forward(const at::Tensor& x_BND);

 private:
  WeightNormConv conv_;
};
TORCH_MODULE(ConvPositions);

}  // namespace einthoven::nn
