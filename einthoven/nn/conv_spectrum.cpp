#include "einthoven/nn/conv_spectrum.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

namespace einthoven::nn {
namespace {

// Legend: B batch, N tokens, D width, G groups, C width of a group, K taps, F frequencies.

/// Token t meets tap k at t + k - K / 2, which must stay clear of the other end of the period.
std::int64_t period_of(std::int64_t tokens, std::int64_t kernel) {
  const auto before = kernel / 2, after = kernel - 1 - kernel / 2;
  const auto least = tokens + std::max(before, after);
  return least + 1 - least % 2;  // odd: every frequency but the first is a pair
}

/// [2 F, points]: cosines, then sines, of frequency f at `places`.
at::Tensor waves(std::int64_t period, const at::Tensor& places) {
  const auto frequencies = torch::arange(period / 2 + 1, torch::kDouble).unsqueeze(1);
  const auto angles = (frequencies * places.unsqueeze(0)).fmod(static_cast<double>(period)) *
                      (2 * M_PI / static_cast<double>(period));
  return torch::cat({torch::cos(angles), torch::sin(angles)});
}

}  // namespace

SpectrumBasis spectrum_basis(std::int64_t tokens, std::int64_t kernel, const at::Tensor& like) {
  const torch::NoGradGuard no_grad;
  const auto period = period_of(tokens, kernel);
  const auto token_waves = waves(period, torch::arange(tokens, torch::kDouble));
  auto shares = torch::full({period / 2 + 1}, 2.0 / static_cast<double>(period), torch::kDouble);
  shares[0] /= 2;
  const std::int64_t middle = kernel / 2;
  SpectrumBasis basis;
  basis.of_tokens = token_waves.to(like.options());
  basis.of_kernel =
      waves(period, torch::arange(kernel, torch::kDouble) - static_cast<double>(middle))
          .to(like.options());
  basis.to_tokens = (token_waves.t() * shares.repeat(2)).to(like.options()).contiguous();
  return basis;
}

at::Tensor kernel_spectrum(const at::Tensor& weight_DCK, const SpectrumBasis& basis) {
  return torch::mm(basis.of_kernel, weight_DCK.flatten(0, 1).t())
      .view({-1, weight_DCK.size(0), weight_DCK.size(1)});
}

at::Tensor convolve(const at::Tensor& x_BND, const at::Tensor& spectrum, const at::Tensor& bias_D,
                    const SpectrumBasis& basis) {
  const auto B = x_BND.size(0), D = x_BND.size(2), C = spectrum.size(2), G = D / C;
  const auto F = spectrum.size(0) / 2;
  // x times the conjugate of the kernel by frequency and group: (p, q) are the products of the real
  // and imaginary parts of x, rows of one matrix, with the real and the imaginary part of the
  // kernel.
  const auto x = torch::matmul(basis.of_tokens, x_BND)
                     .view({B, 2, F, G, C})
                     .permute({2, 3, 1, 0, 4})
                     .reshape({F * G, 2 * B, C});
  const auto parts = spectrum.view({2, F * G, C, C}).transpose(2, 3).unbind(0);
  const auto p = torch::bmm(x, parts[0]).view({F, G, 2, B, C}).unbind(2);
  const auto q = torch::bmm(x, parts[1]).view({F, G, 2, B, C}).unbind(2);
  const auto y =
      torch::stack({p[0] + q[1], p[1] - q[0]}).permute({3, 0, 1, 2, 4}).reshape({B, 2 * F, D});
  return torch::matmul(basis.to_tokens, y) + bias_D;
}

bool spectrum_pays(std::int64_t batch, std::int64_t tokens, std::int64_t group_width,
                   std::int64_t kernel, bool known) {
  const auto period = period_of(tokens, kernel);
  // Operations for each channel and channel of its group; the transforms of the tokens for each
  // channel alone.
  const auto sums = batch * tokens * kernel * group_width;
  const auto transforms = 2 * batch * tokens * period;
  const auto products = 2 * batch * period * group_width;
  const auto of_kernel = known ? 0 : kernel * period * group_width;
  return transforms + products + of_kernel < sums / 2;
}

}  // namespace einthoven::nn
