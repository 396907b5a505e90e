#include "einthoven/nn/fused_attention.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "einthoven/nn/dropout_mask.h"
#include "einthoven/nn/exponential.h"
#include "einthoven/nn/gemm.h"
#include "einthoven/nn/gemm_kernel.h"
#include "einthoven/nn/plain_float.h"
#include "einthoven/nn/threads.h"

namespace einthoven::nn {
namespace {

using kernel::Factor;

constexpr std::int64_t kMostTokens = 1024;

struct Shape {
  std::int64_t tokens = 0;
  std::int64_t head_width = 0;
  std::int64_t width = 0;  ///< of all heads: distance of tokens
};

std::int64_t packed_size(std::int64_t rows, std::int64_t columns) {
  const auto width = kernel::of_processor()->width;
  return kernel::blocks(columns, width) * width * rows;
}

/// c [rows, columns] = a [rows, depth] b [depth, columns], within one thread.
void multiply(const Factor& a, std::int64_t rows, std::int64_t depth, const Factor& b,
              std::int64_t columns, float* packed, float* c, std::int64_t c_row) {
  const auto& kernel = *kernel::of_processor();
  for (std::int64_t column = 0; column < columns; column += kernel.width) {
    const auto count = std::min(kernel.width, columns - column);
    float* sliver = packed + column * depth;
    kernel::pack(kernel, {b.data + column * b.column, b.row, b.column}, depth, count, sliver);
    for (std::int64_t row = 0; row < rows; row += kernel::kRows) {
      kernel::Tile tile;
      tile.a = {a.data + row * a.row, a.row, a.column};
      tile.b = sliver;
      tile.c = c + row * c_row + column;
      tile.c_row = c_row;
      tile.rows = std::min(kernel::kRows, rows - row);
      tile.columns = count;
      tile.depth = depth;
      kernel.multiply(tile);
    }
  }
}

Factor transposed(const Factor& a) { return {a.data, a.column, a.row}; }

/// Scores of one query to weights; returns the logarithm of their sum of exponentials.
EINTHOVEN_CLONES float softmax(float* scores, std::int64_t count, float scale) {
  const float most = largest_of(scores, count);
  for (std::int64_t i = 0; i < count; ++i) scores[i] = exp_of((scores[i] - most) * scale);
  const float sum = sum_of(count, [=](std::int64_t i) { return scores[i]; });
  const float inverse = 1.0F / sum;
  for (std::int64_t i = 0; i < count; ++i) scores[i] *= inverse;
  return most * scale + std::log(sum);
}

EINTHOVEN_CLONES void drop(const DropoutMask& mask_in, std::uint32_t row, float* weights,
                           std::int64_t count) {
  const DropoutMask mask = mask_in;
  for (std::int64_t i = 0; i < count; ++i)
    weights[i] *= mask.factor(row, static_cast<std::uint32_t>(i));
}

/// `scores` become the weights after dropout, `gradient` (of those) the gradient of the scores.
EINTHOVEN_CLONES void softmax_backward(const DropoutMask& mask_in, std::uint32_t row, float log_sum,
                                       float scale, float* scores, float* gradient,
                                       std::int64_t count) {
  const DropoutMask mask = mask_in;
  for (std::int64_t i = 0; i < count; ++i) {
    const float exponent = scores[i] * scale - log_sum;
    scores[i] = exp_of(exponent < 0 ? exponent : 0);
  }
  for (std::int64_t i = 0; i < count; ++i)
    gradient[i] *= mask.factor(row, static_cast<std::uint32_t>(i));
  const float mean = sum_of(count, [=](std::int64_t i) { return gradient[i] * scores[i]; });
  for (std::int64_t i = 0; i < count; ++i) {
    gradient[i] = scores[i] * (gradient[i] - mean) * scale;
    scores[i] *= mask.factor(row, static_cast<std::uint32_t>(i));
  }
}

/// What a thread needs for one head.
struct Scratch {
  explicit Scratch(const Shape& shape)
      : weights(static_cast<std::size_t>(shape.tokens * shape.tokens)),
        gradient(weights.size()),
        packed(static_cast<std::size_t>(std::max(packed_size(shape.head_width, shape.tokens),
                                                 packed_size(shape.tokens, shape.head_width)))) {}
  std::vector<float> weights, gradient, packed;
};

struct Heads {
  Shape shape;
  std::int64_t heads = 0;
  DropoutMask mask;
  float scale = 1;

  /// Where head `index` (over the batch) begins in a tensor [B, N, D].
  std::int64_t start(std::int64_t index) const {
    return index / heads * shape.tokens * shape.width + index % heads * shape.head_width;
  }
  std::uint32_t row(std::int64_t index, std::int64_t token) const {
    return static_cast<std::uint32_t>(index * shape.tokens + token);
  }
};

Heads heads_of(const at::Tensor& q_BND, std::int64_t heads) {
  Heads result;
  result.shape = {q_BND.size(1), q_BND.size(2) / heads, q_BND.size(2)};
  result.heads = heads;
  result.scale = static_cast<float>(1 / std::sqrt(static_cast<double>(result.shape.head_width)));
  return result;
}

void forward_head(const Heads& heads, std::int64_t index, const float* q, const float* k,
                  const float* v, float* y, float* log_sums, Scratch& scratch) {
  const auto [N, d, D] = heads.shape;
  const auto at = heads.start(index);
  float* weights = scratch.weights.data();
  multiply({q + at, D, 1}, N, d, {k + at, 1, D}, N, scratch.packed.data(), weights, N);
  for (std::int64_t i = 0; i < N; ++i) {
    log_sums[index * N + i] = softmax(weights + i * N, N, heads.scale);
    if (heads.mask.threshold > 0) drop(heads.mask, heads.row(index, i), weights + i * N, N);
  }
  multiply({weights, N, 1}, N, N, {v + at, D, 1}, d, scratch.packed.data(), y + at, D);
}

struct Pointers {
  const float *q, *k, *v, *log_sums, *of_y;
  float *of_q, *of_k, *of_v;
};

void backward_head(const Heads& heads, std::int64_t index, const Pointers& p, Scratch& scratch) {
  const auto [N, d, D] = heads.shape;
  const auto at = heads.start(index);
  float *weights = scratch.weights.data(), *gradient = scratch.gradient.data(),
        *packed = scratch.packed.data();
  const Factor q = {p.q + at, D, 1}, k = {p.k + at, D, 1}, v = {p.v + at, D, 1},
               of_y = {p.of_y + at, D, 1};
  multiply(q, N, d, transposed(k), N, packed, weights, N);
  multiply(of_y, N, d, transposed(v), N, packed, gradient, N);
  for (std::int64_t i = 0; i < N; ++i)
    softmax_backward(heads.mask, heads.row(index, i), p.log_sums[index * N + i], heads.scale,
                     weights + i * N, gradient + i * N, N);
  multiply({weights, 1, N}, N, N, of_y, d, packed, p.of_v + at, D);
  multiply({gradient, N, 1}, N, N, k, d, packed, p.of_q + at, D);
  multiply({gradient, 1, N}, N, N, q, d, packed, p.of_k + at, D);
}

/// Saved: q, k, v, the logarithms of the sums of each softmax, the seed of the dropout.
struct Attention : torch::autograd::Function<Attention> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& q_in,
                            const at::Tensor& k_in, const at::Tensor& v_in, std::int64_t heads,
                            double dropout) {
    const auto q = q_in.contiguous(), k = k_in.contiguous(), v = v_in.contiguous();
    auto all = heads_of(q, heads);
    all.mask = draw_dropout(dropout);
    auto y = torch::empty_like(q);
    auto log_sums = torch::empty({q.size(0) * heads, q.size(1)}, q.options());
    const auto *from_q = q.const_data_ptr<float>(), *from_k = k.const_data_ptr<float>(),
               *from_v = v.const_data_ptr<float>();
    auto *to_y = y.data_ptr<float>(), *to_sums = log_sums.data_ptr<float>();
    parallel_for(q.size(0) * heads, 1, [&](std::int64_t begin, std::int64_t end) {
      Scratch scratch(all.shape);
      for (auto index = begin; index < end; ++index)
        forward_head(all, index, from_q, from_k, from_v, to_y, to_sums, scratch);
    });
    context->save_for_backward({q, k, v, log_sums});
    context->saved_data["heads"] = heads;
    context->saved_data["dropout"] = dropout;
    context->saved_data["seed"] = static_cast<std::int64_t>(all.mask.seed);
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto of_y = gradients[0].contiguous();
    auto heads = heads_of(saved[0], context->saved_data["heads"].toInt());
    heads.mask = dropout_mask(static_cast<std::uint32_t>(context->saved_data["seed"].toInt()),
                              context->saved_data["dropout"].toDouble());
    auto of_q = torch::empty_like(of_y), of_k = torch::empty_like(of_y),
         of_v = torch::empty_like(of_y);
    const Pointers pointers = {saved[0].const_data_ptr<float>(), saved[1].const_data_ptr<float>(),
                               saved[2].const_data_ptr<float>(), saved[3].const_data_ptr<float>(),
                               of_y.const_data_ptr<float>(),     of_q.data_ptr<float>(),
                               of_k.data_ptr<float>(),           of_v.data_ptr<float>()};
    parallel_for(of_y.size(0) * heads.heads, 1, [&](std::int64_t begin, std::int64_t end) {
      Scratch scratch(heads.shape);
      for (auto index = begin; index < end; ++index) backward_head(heads, index, pointers, scratch);
    });
    return {of_q, of_k, of_v, at::Tensor(), at::Tensor()};
  }
};

}  // namespace

bool can_fuse_attention(const at::Tensor& q_BND) {
  return has_own_gemm() && is_plain_float(q_BND) && q_BND.size(1) <= kMostTokens;
}

at::Tensor fused_attention(const at::Tensor& q_BND, const at::Tensor& k_BND,
                           const at::Tensor& v_BND, std::int64_t heads, double dropout) {
  return Attention::apply(q_BND, k_BND, v_BND, heads, dropout);
}

}  // namespace einthoven::nn
