#include "einthoven/nn/conv_positions.h"

#include <torch/torch.h>

#include <cmath>
#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/nn/plain_float.h"

namespace einthoven::nn {
namespace {

// To compute the kernel's spectrum again is then less than a hundredth of the work of a model.
constexpr std::int64_t kLargeBatch = 8;

}  // namespace

WeightNormConvImpl::WeightNormConvImpl(std::int64_t width, std::int64_t kernel, std::int64_t groups)
    : kernel_(kernel), groups_(groups) {
  if (groups < 1 || width % groups != 0)
    throw config_error("model.conv_pos_groups: want a divisor of the encoder width " +
                       std::to_string(width) + ", got " + std::to_string(groups));
  if (kernel < 1)
    throw config_error("model.conv_pos: want a positive kernel, got " + std::to_string(kernel));
  bias_ = register_parameter("bias", torch::zeros({width}));
  const auto weight = torch::empty({width, width / groups, kernel})
                          .normal_(0, std::sqrt(4.0 / static_cast<double>(kernel * width)));
  auto parametrizations =
      register_module("parametrizations", std::make_shared<torch::nn::Module>("Parametrizations"));
  auto parametrized = parametrizations->register_module(
      "weight", std::make_shared<torch::nn::Module>("WeightNorm"));
  scale_ = parametrized->register_parameter("original0",
                                            torch::norm_except_dim(weight, 2, 2).detach().clone());
  direction_ = parametrized->register_parameter("original1", weight);
}

at::Tensor WeightNormConvImpl::weight() const { return torch::_weight_norm(direction_, scale_, 2); }

/// Grows with every change of the weights in place, as optimizers and loading make them.
std::int64_t WeightNormConvImpl::version() const {
  return static_cast<std::int64_t>(direction_._version()) + scale_._version();
}

/// Its waves of the kernel are multiplied by the scales of the taps, so that the spectrum of the
/// directions is that of the weight, which need not be made.
SpectrumBasis WeightNormConvImpl::basis_for(std::int64_t tokens) const {
  SpectrumBasis basis = spectrum_basis(tokens, kernel_, direction_);
  basis.of_kernel =
      basis.of_kernel * (scale_.flatten() / torch::linalg_vector_norm(direction_, 2, {0, 1}));
  return basis;
}

std::shared_ptr<const WeightNormConvImpl::KeptSpectrum> WeightNormConvImpl::kept_for(
    std::int64_t tokens) {
  const std::lock_guard lock(keeping_);
  if (kept_ == nullptr || kept_->tokens != tokens || kept_->version != version()) {
    const auto basis = basis_for(tokens);
    kept_ = std::make_shared<const KeptSpectrum>(
        KeptSpectrum{basis, kernel_spectrum(direction_, basis), tokens, version()});
  }
  return kept_;
}

/// One group after the other, so that the spectrum of one is there at a time.
at::Tensor WeightNormConvImpl::by_groups(const at::Tensor& x_BND) const {
  const auto basis = basis_for(x_BND.size(1));
  const auto width = direction_.size(1);
  std::vector<at::Tensor> groups;
  for (std::int64_t from = 0; from < x_BND.size(2); from += width)
    groups.push_back(convolve(x_BND.narrow(2, from, width),
                              kernel_spectrum(direction_.narrow(0, from, width), basis),
                              bias_.narrow(0, from, width), basis));
  return torch::cat(groups, 2);
}

at::Tensor WeightNormConvImpl::through_spectrum(const at::Tensor& x_BND) {
  const bool evaluates = !is_training() && !torch::GradMode::is_enabled();
  if (evaluates && x_BND.size(0) < kLargeBatch) {
    const auto kept = kept_for(x_BND.size(1));
    return convolve(x_BND, kept->values, bias_, kept->basis);
  }
  {
    const std::lock_guard lock(keeping_);
    kept_.reset();
  }
  if (evaluates) return by_groups(x_BND);
  const auto basis = basis_for(x_BND.size(1));
  return convolve(x_BND, kernel_spectrum(direction_, basis), bias_, basis);
}

at::Tensor WeightNormConvImpl::forward(const at::Tensor& x_BND) {
  const auto tokens = x_BND.size(1);
  const bool spectral = is_plain_float(x_BND) && is_plain_float(direction_) &&
                        spectrum_pays(x_BND.size(0), tokens, direction_.size(1), kernel_,
                                      !is_training() && !torch::GradMode::is_enabled());
  if (spectral) return through_spectrum(x_BND);
  return torch::conv1d(x_BND.transpose(1, 2), weight(), bias_, 1, kernel_ / 2, 1, groups_)
      .narrow(2, 0, tokens)
      .transpose(1, 2);
}

ConvPositionsImpl::ConvPositionsImpl(std::int64_t width, std::int64_t kernel, std::int64_t groups)
    : conv_(width, kernel, groups) {
  register_module("pos_conv", std::make_shared<torch::nn::Module>("PosConv"))
      ->register_module("0", conv_);
}

at::Tensor ConvPositionsImpl::forward(const at::Tensor& x_BND) { return torch::gelu(conv_(x_BND)); }

}  // namespace einthoven::nn
