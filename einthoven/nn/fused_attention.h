// Attention whose weights are never stored: each head's fit in the cache and are made anew in the
// backward pass.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace einthoven::nn {

/// Whether fused_attention() can do it: products of our own (gemm.h), and not too many tokens.
bool can_fuse_attention(const at::Tensor& q_BND);

/// softmax(q k^T / sqrt(D / H)) v for each of the heads, which lie side by side in D; `dropout` of
/// the weights, 0: none. All [B, N, D], float32 on the CPU.
at::Tensor fused_attention(const at::Tensor& q_BND, const at::Tensor& k_BND,
                           const at::Tensor& v_BND, std::int64_t heads, double dropout);

}  // namespace einthoven::nn
