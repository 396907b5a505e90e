// Relative positions by a wide grouped convolution (wav2vec 2.0).
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <memory>
#include <mutex>

#include "einthoven/nn/conv_spectrum.h"

namespace einthoven::nn {

/// Conv1d whose weight is g[k] * v[:, :, k] / ||v[:, :, k]||: one scale per kernel tap (weight
/// normalisation over dimension 2, Salimans and Kingma 2016). State keys: bias,
/// parametrizations.weight.original0 (g, [1, 1, K]) and .original1 (v, [D, D/groups, K]).
class WeightNormConvImpl : public torch::nn::Module {
 public:
  WeightNormConvImpl(std::int64_t width, std::int64_t kernel, std::int64_t groups);

  /// [B, N, D] -> [B, N, D]: one output for each token (a kernel of even length has one more, which
  /// is left out). On the CPU by way of spectra where that pays; in evaluation of few signals
  /// without gradients the kernel's spectrum is kept until the weights change. In evaluation
  /// several threads may call it at once.
  at::Tensor forward(const at::Tensor& x_BND);

 private:
  /// The kernel's spectrum and what it was computed from.
  struct KeptSpectrum {
    SpectrumBasis basis;
    at::Tensor values;
    std::int64_t tokens = 0;
    std::int64_t version = -1;
  };
  at::Tensor weight() const;
  std::int64_t version() const;
  SpectrumBasis basis_for(std::int64_t tokens) const;
  std::shared_ptr<const KeptSpectrum> kept_for(std::int64_t tokens);
  at::Tensor by_groups(const at::Tensor& x_BND) const;
  at::Tensor through_spectrum(const at::Tensor& x_BND);

  std::int64_t kernel_;
  std::int64_t groups_;
  at::Tensor bias_, scale_, direction_;
  std::mutex keeping_;
  std::shared_ptr<const KeptSpectrum> kept_;  ///< never changed, only replaced, under `keeping_`
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
