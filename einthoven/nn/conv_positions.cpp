#include "einthoven/nn/conv_positions.h"

#include <torch/torch.h>

#include <cmath>

#include "einthoven/base/error.h"

namespace einthoven::nn {

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

at::Tensor WeightNormConvImpl::forward(const at::Tensor& x_BDN) {
  const auto weight = torch::_weight_norm(direction_, scale_, 2);
  return torch::conv1d(x_BDN, weight, bias_, 1, kernel_ / 2, 1, groups_);
}

ConvPositionsImpl::ConvPositionsImpl(std::int64_t width, std::int64_t kernel, std::int64_t groups)
    : conv_(width, kernel, groups) {
  register_module("pos_conv", std::make_shared<torch::nn::Module>("PosConv"))
      ->register_module("0", conv_);
}

at::Tensor ConvPositionsImpl::forward(const at::Tensor& x_BND) {
  const auto tokens = x_BND.size(1);
  const auto y_BDN = conv_(x_BND.transpose(1, 2)).narrow(2, 0, tokens);
  return torch::gelu(y_BDN).transpose(1, 2);
}

}  // namespace einthoven::nn
