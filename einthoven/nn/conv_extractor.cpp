#include "einthoven/nn/conv_extractor.h"

#include <fmt/ranges.h>
#include <torch/torch.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/config/python_literal.h"
#include "einthoven/nn/channel_norm.h"
#include "einthoven/nn/linear.h"

namespace einthoven::nn {
namespace {

/// One stage; the names of its parts are those of the reference's Sequential.
class ConvStageImpl : public torch::nn::Module {
 public:
  ConvStageImpl(std::int64_t input_width, const ConvLayer& layer, bool bias, ExtractorMode mode,
                bool first)
      : conv_(torch::nn::Conv1dOptions(input_width, layer.width, layer.kernel)
                  .stride(layer.stride)
                  .bias(bias)) {
    register_module("0", conv_);
    torch::nn::init::kaiming_normal_(conv_->weight);
    if (mode == ExtractorMode::layer_norm) {
      over_channels_ = torch::nn::LayerNorm(torch::nn::LayerNormOptions({layer.width}));
      register_module("2", std::make_shared<torch::nn::Module>("Norm"))
          ->register_module("1", over_channels_);
    } else if (first) {
      over_time_ = torch::nn::GroupNorm(torch::nn::GroupNormOptions(layer.width, layer.width));
      register_module("2", over_time_);
    }
  }

  at::Tensor forward(const at::Tensor& x_BCT) {
    auto y = conv_(x_BCT);
    if (over_time_) y = over_time_(y);
    if (over_channels_) y = over_channels_(y.transpose(1, 2)).transpose(1, 2);
    return torch::gelu(y);
  }

  /// Whether forward_rows() can do it: steps that do not overlap are rows of one product.
  bool is_product(const at::Tensor& x) const {
    return conv_->options.kernel_size()->at(0) == conv_->options.stride()->at(0) &&
           multiplies_itself(x, conv_->weight);
  }

  /// The same with channels side by side.
  at::Tensor forward_rows(const at::Tensor& x_BTC) {
    const auto B = x_BTC.size(0), C = x_BTC.size(2), step = conv_->weight.size(2),
               T = x_BTC.size(1) / step;
    const auto rows = x_BTC.narrow(1, 0, T * step).reshape({B, T, step * C});
    const auto weight = conv_->weight.transpose(1, 2).reshape({-1, step * C});
    auto y = linear_maps(rows, {weight}, {conv_->bias})[0];
    if (over_time_)
      return channel_norm_gelu(y, over_time_->weight, over_time_->bias, over_time_->options.eps());
    if (over_channels_) y = over_channels_(y);
    return torch::gelu(y);
  }

 private:
  torch::nn::Conv1d conv_;
  torch::nn::GroupNorm over_time_{nullptr};
  torch::nn::LayerNorm over_channels_{nullptr};
};
TORCH_MODULE(ConvStage);

Error bad_layers(std::string_view text) {
  return config_error(
      fmt::format("model.conv_feature_layers: want a list of (width, kernel, stride) such as "
                  "\"[(256, 2, 2)] * 4\", got \"{}\"",
                  text));
}

}  // namespace

std::vector<ConvLayer> parse_conv_layers(std::string_view text) {
  const auto value = config::try_parse_python_literal(text);
  if (!value || !value->is_array() || value->empty()) throw bad_layers(text);
  std::vector<ConvLayer> layers;
  for (const auto& entry : *value) {
    if (!entry.is_array() || entry.size() != 3) throw bad_layers(text);
    for (const auto& number : entry)
      if (!number.is_number_integer() || number.get<std::int64_t>() < 1) throw bad_layers(text);
    layers.push_back(
        {entry[0].get<std::int64_t>(), entry[1].get<std::int64_t>(), entry[2].get<std::int64_t>()});
  }
  return layers;
}

std::int64_t conv_output_length(std::int64_t samples, const std::vector<ConvLayer>& layers) {
  for (const auto& layer : layers) {
    if (samples < layer.kernel) return 0;
    samples = (samples - layer.kernel) / layer.stride + 1;
  }
  return samples;
}

ExtractorMode parse_extractor_mode(std::string_view name) {
  if (name == "default") return ExtractorMode::group_norm;
  if (name == "layer_norm") return ExtractorMode::layer_norm;
  throw config_error(
      fmt::format("model.extractor_mode: want default or layer_norm, got \"{}\"", name));
}

ConvExtractorImpl::ConvExtractorImpl(const ConvExtractorOptions& options) : options_(options) {
  register_module("conv_layers", conv_layers_);
  auto width = options.leads;
  for (const auto& layer : options.layers) {
    conv_layers_->push_back(
        ConvStage(width, layer, options.bias, options.mode, conv_layers_->is_empty()));
    width = layer.width;
  }
}

at::Tensor ConvExtractorImpl::forward(const at::Tensor& source_BLT, const Observer& observe) {
  auto x = source_BLT.dim() == 2 ? source_BLT.unsqueeze(1) : source_BLT;
  if (x.dim() != 3 || x.size(1) != options_.leads)
    throw data_error("model", "input",
                     fmt::format("want [batch, {} leads, samples], got {}", options_.leads,
                                 fmt::join(x.sizes(), "x")));
  if (conv_output_length(x.size(2), options_.layers) < 1)
    throw data_error("model", "input",
                     fmt::format("{} samples are too few for one token", x.size(2)));
  const auto stages = conv_layers_->size();
  bool products = true;
  for (std::size_t i = 0; i < stages; ++i)
    products = products && conv_layers_[i]->as<ConvStage>()->is_product(x);
  if (products) x = x.transpose(1, 2).contiguous();
  for (std::size_t i = 0; i < stages; ++i) {
    auto* stage = conv_layers_[i]->as<ConvStage>();
    x = products ? stage->forward_rows(x) : stage->forward(x);
    if (observe) observe(fmt::format("conv{}", i), products ? x.transpose(1, 2) : x);
  }
  return products ? x.transpose(1, 2) : x;
}

}  // namespace einthoven::nn
