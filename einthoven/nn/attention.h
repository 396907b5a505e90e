// Multi-head self-attention (Vaswani et al. 2017).
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <utility>

#include "einthoven/nn/linear.h"

namespace einthoven::nn {

/// Four linear maps with bias, registered in the order k_proj, v_proj, q_proj, out_proj.
class SelfAttentionImpl : public torch::nn::Module {
 public:
  /// Config error unless `heads` divides `width`.
  SelfAttentionImpl(std::int64_t width, std::int64_t heads, double dropout);

  /// x [B, N, D]; padding mask bool [B, N], true = key is ignored, may be undefined.
  /// Returns the output [B, N, D] and, if `need_weights`, the attention averaged over heads
  /// [B, N, N] (rows are queries; otherwise undefined and the fused kernel runs).
  std::pair<at::Tensor, at::Tensor> forward(const at::Tensor& x_BND,
                                            const at::Tensor& padding_mask_BN, bool need_weights);

 private:
  at::Tensor attend_by_parts(const at::Tensor& x_BND);

  std::int64_t heads_;
  double dropout_;
  Linear k_proj_, v_proj_, q_proj_, out_proj_;
};
TORCH_MODULE(SelfAttention);

}  // namespace einthoven::nn
