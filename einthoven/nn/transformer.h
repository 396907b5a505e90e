// The transformer encoder of the ECG models.
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/pimpl.h>

#include <cstdint>

#include "einthoven/base/numpy_random.h"
#include "einthoven/nn/attention.h"
#include "einthoven/nn/observer.h"

namespace einthoven::nn {

struct TransformerOptions {
  std::int64_t layers = 12;
  std::int64_t width = 768;
  std::int64_t feed_forward = 3072;
  std::int64_t heads = 12;
  bool norm_first = false;  ///< pre-LN: normalise before attention and feed-forward, not after
  double dropout = 0.1;
  double attention_dropout = 0.1;
  double activation_dropout = 0;
  double layer_drop = 0;                ///< probability of skipping a layer while training
  bool checkpoint_activations = false;  ///< inner results of a layer are computed twice, not kept
};

/// Attention and feed-forward with exact GELU, each with residual and layer norm.
class TransformerLayerImpl : public torch::nn::Module {
 public:
  explicit TransformerLayerImpl(const TransformerOptions& options);
  /// Output [B, N, D] and the attention averaged over heads (undefined unless wanted).
  std::pair<at::Tensor, at::Tensor> forward(at::Tensor x_BND, const at::Tensor& padding_mask_BN,
                                            bool need_weights);

 private:
  at::Tensor feed_forward(const at::Tensor& x);
  at::Tensor dropped(const at::Tensor& x, double probability);
  /// norm(x + dropout(z)).
  at::Tensor normed_sum(const at::Tensor& x, const at::Tensor& z,
                        const torch::nn::LayerNormImpl& norm);

  TransformerOptions options_;
  SelfAttention self_attn_;
  torch::nn::LayerNorm self_attn_layer_norm_;
  Linear fc1_, fc2_;
  torch::nn::LayerNorm final_layer_norm_;
};
TORCH_MODULE(TransformerLayer);

/// Post-LN normalises once before the layers, pre-LN once after them (as the reference).
class TransformerImpl : public torch::nn::Module {
 public:
  explicit TransformerImpl(const TransformerOptions& options);

  struct Result {
    at::Tensor x_BND;
    at::Tensor attention_BYNN;  ///< of the layers that ran; undefined unless wanted
  };
  /// Padded tokens (mask bool [B, N], may be undefined) are zeroed first and ignored as keys.
  /// `random` supplies one draw per layer, in training and evaluation as the reference draws;
  /// null: no draws (internal error if layers are to be dropped).
  Result forward(at::Tensor x_BND, const at::Tensor& padding_mask_BN, bool need_weights,
                 NumpyRandom* random, const Observer& observe = {});

 private:
  bool skips_layer(NumpyRandom* random) const;
  std::pair<at::Tensor, at::Tensor> run_layer(std::size_t index, at::Tensor x_BND,
                                              const at::Tensor& padding_mask_BN, bool need_weights);

  TransformerOptions options_;
  torch::nn::ModuleList layers_;
  torch::nn::LayerNorm layer_norm_;
};
TORCH_MODULE(Transformer);

}  // namespace einthoven::nn
