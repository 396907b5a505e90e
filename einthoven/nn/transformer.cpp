#include "einthoven/nn/transformer.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/nn/add_norm.h"
#include "einthoven/nn/checkpointed.h"
#include "einthoven/nn/feed_forward.h"
#include "einthoven/nn/pooling.h"

namespace einthoven::nn {
namespace {

torch::nn::LayerNorm layer_norm(std::int64_t width) {
  return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}));
}

}  // namespace

TransformerLayerImpl::TransformerLayerImpl(const TransformerOptions& options)
    : options_(options),
      self_attn_(options.width, options.heads, options.attention_dropout),
      self_attn_layer_norm_(layer_norm(options.width)),
      fc1_(options.width, options.feed_forward),
      fc2_(options.feed_forward, options.width),
      final_layer_norm_(layer_norm(options.width)) {
  register_module("self_attn", self_attn_);
  register_module("self_attn_layer_norm", self_attn_layer_norm_);
  register_module("fc1", fc1_);
  register_module("fc2", fc2_);
  register_module("final_layer_norm", final_layer_norm_);
}

at::Tensor TransformerLayerImpl::dropped(const at::Tensor& x, double probability) {
  return is_training() && probability > 0 ? torch::dropout(x, probability, true) : x;
}

at::Tensor TransformerLayerImpl::normed_sum(const at::Tensor& x, const at::Tensor& z,
                                            const torch::nn::LayerNormImpl& norm) {
  return add_norm(x, z, norm.weight, norm.bias, norm.options.eps(),
                  is_training() ? options_.dropout : 0);
}

at::Tensor TransformerLayerImpl::feed_forward(const at::Tensor& x) {
  return nn::feed_forward(x, fc1_, fc2_, is_training() ? options_.activation_dropout : 0);
}

std::pair<at::Tensor, at::Tensor> TransformerLayerImpl::forward(at::Tensor x_BND,
                                                                const at::Tensor& padding_mask_BN,
                                                                bool need_weights) {
  if (options_.norm_first) {
    const auto [attended, weights] =
        self_attn_->forward(self_attn_layer_norm_(x_BND), padding_mask_BN, need_weights);
    const auto x = x_BND + dropped(attended, options_.dropout);
    return {x + dropped(feed_forward(final_layer_norm_(x)), options_.dropout), weights};
  }
  auto [attended, weights] = self_attn_->forward(x_BND, padding_mask_BN, need_weights);
  const auto x = normed_sum(x_BND, attended, *self_attn_layer_norm_);
  x_BND.reset();  // not needed any more, and large
  attended.reset();
  return {normed_sum(x, feed_forward(x), *final_layer_norm_), weights};
}

TransformerImpl::TransformerImpl(const TransformerOptions& options)
    : options_(options), layer_norm_(layer_norm(options.width)) {
  register_module("layers", layers_);
  for (std::int64_t i = 0; i < options.layers; ++i) layers_->push_back(TransformerLayer(options));
  register_module("layer_norm", layer_norm_);
}

bool TransformerImpl::skips_layer(NumpyRandom* random) const {
  if (random == nullptr) {
    if (is_training() && options_.layer_drop > 0)
      throw internal_error("encoder_layerdrop needs a source of random numbers");
    return false;
  }
  const double draw = random->uniform();
  return is_training() && draw <= options_.layer_drop;
}

std::pair<at::Tensor, at::Tensor> TransformerImpl::run_layer(std::size_t index, at::Tensor x_BND,
                                                             const at::Tensor& padding_mask_BN,
                                                             bool need_weights) {
  auto* layer = layers_[index]->as<TransformerLayer>();
  const bool kept = !options_.checkpoint_activations || !torch::GradMode::is_enabled();
  if (kept || need_weights) return layer->forward(std::move(x_BND), padding_mask_BN, need_weights);
  const auto compute = [layer, padding_mask_BN](const at::Tensor& x) {
    return layer->forward(x, padding_mask_BN, false).first;
  };
  return {checkpointed(compute, x_BND, layer->parameters()), at::Tensor()};
}

TransformerImpl::Result TransformerImpl::forward(at::Tensor x_BND,
                                                 const at::Tensor& padding_mask_BN,
                                                 bool need_weights, NumpyRandom* random,
                                                 const Observer& observe) {
  auto x = zero_padding(std::exchange(x_BND, {}), padding_mask_BN);
  if (!options_.norm_first) x = layer_norm_(x);
  if (is_training() && options_.dropout > 0) x = torch::dropout(x, options_.dropout, true);
  std::vector<at::Tensor> attention;
  for (std::size_t i = 0; i < layers_->size(); ++i) {
    if (skips_layer(random)) continue;
    auto [y, weights] = run_layer(i, std::move(x), padding_mask_BN, need_weights);
    x = std::move(y);
    if (need_weights) attention.push_back(weights);
    if (observe) observe(fmt::format("layer{}", i), x);
  }
  if (options_.norm_first) x = layer_norm_(x);
  return {x, attention.empty() ? at::Tensor() : torch::stack(attention, 1)};
}

}  // namespace einthoven::nn
