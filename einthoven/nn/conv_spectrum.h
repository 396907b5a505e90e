// Wide grouped convolutions over tokens by way of their spectra.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace einthoven::nn {

/// Cosines and sines of all frequencies of a period that no tap of a convolution of `tokens` tokens
/// (padding kernel / 2 on both sides) can wrap around. The transforms are products with these
/// matrices: for some hundred points that is faster than FFTs and the copies around them.
struct SpectrumBasis {
  at::Tensor of_tokens;  ///< [2 F, N]
  at::Tensor of_kernel;  ///< [2 F, K]
  at::Tensor to_tokens;  ///< [N, 2 F]
};
SpectrumBasis spectrum_basis(std::int64_t tokens, std::int64_t kernel, const at::Tensor& like);

/// [D, C, K] -> [2 F, D, C], real parts first.
at::Tensor kernel_spectrum(const at::Tensor& weight_DCK, const SpectrumBasis& basis);

/// The first N outputs of conv1d(x, weight, bias, stride 1, padding K / 2, groups D / C) as
/// [B, N, D], from x [B, N, D] and the spectrum of the weight. Differentiable.
at::Tensor convolve(const at::Tensor& x_BND, const at::Tensor& spectrum, const at::Tensor& bias_D,
                    const SpectrumBasis& basis);

/// True where that takes fewer operations than the sums themselves. `known`: the kernel's spectrum
/// need not be computed.
bool spectrum_pays(std::int64_t batch, std::int64_t tokens, std::int64_t group_width,
                   std::int64_t kernel, bool known);

}  // namespace einthoven::nn
