#include "einthoven/nn/attention.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "einthoven/base/error.h"
#include "einthoven/nn/fused_attention.h"
#include "einthoven/nn/gemm.h"

namespace einthoven::nn {
namespace {

/// Softmax of the scores before and after the weighted sum, where the weights are wanted.
std::pair<at::Tensor, at::Tensor> explicit_attention(const at::Tensor& q_BHNd,
                                                     const at::Tensor& k_BHNd,
                                                     const at::Tensor& v_BHNd,
                                                     const std::optional<at::Tensor>& keep_B11N,
                                                     double dropout) {
  const auto scale = 1.0 / std::sqrt(static_cast<double>(q_BHNd.size(-1)));
  auto scores = torch::matmul(q_BHNd * scale, k_BHNd.transpose(-1, -2));
  if (keep_B11N)
    scores = scores.masked_fill(keep_B11N->logical_not(), -std::numeric_limits<float>::infinity());
  auto weights = torch::softmax(scores, -1);
  if (dropout > 0) weights = torch::dropout(weights, dropout, true);
  return {torch::matmul(weights, v_BHNd), weights.mean(1)};
}

}  // namespace

SelfAttentionImpl::SelfAttentionImpl(std::int64_t width, std::int64_t heads, double dropout)
    : heads_(heads),
      dropout_(dropout),
      k_proj_(width, width),
      v_proj_(width, width),
      q_proj_(width, width),
      out_proj_(width, width) {
  if (heads < 1 || width % heads != 0)
    throw config_error(
        fmt::format("model.encoder_attention_heads: want a divisor of the encoder width {}, got {}",
                    width, heads));
  register_module("k_proj", k_proj_);
  register_module("v_proj", v_proj_);
  register_module("q_proj", q_proj_);
  register_module("out_proj", out_proj_);
}

/// Of a few recordings at a time: queries, keys and values of all are three times the input.
at::Tensor SelfAttentionImpl::attend_by_parts(const at::Tensor& x_BND) {
  std::vector<at::Tensor> parts;
  for (const at::Tensor& x : x_BND.split(std::max<std::int64_t>(1, enough_rows() / x_BND.size(1))))
    parts.push_back(fused_attention(q_proj_(x), k_proj_(x), v_proj_(x), heads_, 0));
  return parts.size() == 1 ? parts[0] : torch::cat(parts);
}

std::pair<at::Tensor, at::Tensor> SelfAttentionImpl::forward(const at::Tensor& x_BND,
                                                             const at::Tensor& padding_mask_BN,
                                                             bool need_weights) {
  const auto B = x_BND.size(0), N = x_BND.size(1), D = x_BND.size(2);
  const auto split = [&](const at::Tensor& y) {
    return y.view({B, N, heads_, D / heads_}).transpose(1, 2);
  };
  const bool fuses = !need_weights && !padding_mask_BN.defined() && can_fuse_attention(x_BND);
  if (fuses && q_proj_->is_frozen()) return {out_proj_(attend_by_parts(x_BND)), {}};
  const auto qkv = q_proj_->is_frozen()
                       ? std::vector<at::Tensor>{q_proj_(x_BND), k_proj_(x_BND), v_proj_(x_BND)}
                       : linear_maps(x_BND, {q_proj_->weight, k_proj_->weight, v_proj_->weight},
                                     {q_proj_->bias, k_proj_->bias, v_proj_->bias});
  const double dropout = is_training() ? dropout_ : 0.0;
  if (fuses) return {out_proj_(fused_attention(qkv[0], qkv[1], qkv[2], heads_, dropout)), {}};
  const auto q = split(qkv[0]), k = split(qkv[1]), v = split(qkv[2]);
  std::optional<at::Tensor> keep;
  if (padding_mask_BN.defined()) keep = padding_mask_BN.logical_not().view({B, 1, 1, N});
  at::Tensor attended, weights;
  if (need_weights)
    std::tie(attended, weights) = explicit_attention(q, k, v, keep, dropout);
  else
    attended = torch::scaled_dot_product_attention(q, k, v, keep, dropout);
  return {out_proj_(attended.transpose(1, 2).reshape({B, N, D})), weights};
}

}  // namespace einthoven::nn
