#include "einthoven/nn/channel_norm.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "einthoven/nn/normal.h"
#include "einthoven/nn/threads.h"

namespace einthoven::nn {
namespace {

/// Channels that are worked on together: neighbours in memory.
constexpr std::int64_t kBlock = 64;

/// Up to kBlock channels of one item of the batch; pointers are to the first of them.
struct Block {
  std::int64_t samples = 0;
  std::int64_t row = 0;  ///< distance of samples
  std::int64_t channels = 0;
  const float* weight = nullptr;
  const float* bias = nullptr;
};

EINTHOVEN_CLONES void norm_block(const Block& block_in, const float* x, float epsilon, float* means,
                                 float* inverses, float* y) {
  const Block block = block_in;
  const auto n = static_cast<double>(block.samples);
  double sums[kBlock] = {}, squares[kBlock] = {};
  float scale[kBlock], shift[kBlock];
  for (std::int64_t t = 0; t < block.samples; ++t)
    for (std::int64_t c = 0; c < block.channels; ++c) sums[c] += x[t * block.row + c];
  for (std::int64_t c = 0; c < block.channels; ++c) means[c] = static_cast<float>(sums[c] / n);
  for (std::int64_t t = 0; t < block.samples; ++t)
    for (std::int64_t c = 0; c < block.channels; ++c) {
      const float from_mean = x[t * block.row + c] - means[c];
      squares[c] += from_mean * from_mean;
    }
  for (std::int64_t c = 0; c < block.channels; ++c) {
    inverses[c] = 1.0F / std::sqrt(static_cast<float>(squares[c] / n) + epsilon);
    scale[c] = inverses[c] * block.weight[c];
    shift[c] = block.bias[c] - means[c] * scale[c];
  }
  for (std::int64_t t = 0; t < block.samples; ++t)
    for (std::int64_t c = 0; c < block.channels; ++c) {
      const float z = x[t * block.row + c] * scale[c] + shift[c];
      y[t * block.row + c] = z * normal_share(z);
    }
}

EINTHOVEN_CLONES void norm_block_backward(const Block& block_in, const float* x, const float* means,
                                          const float* inverses, const float* of_y, float* of_x,
                                          float* of_weight, float* of_bias) {
  const Block block = block_in;
  const auto n = static_cast<double>(block.samples);
  double tilts[kBlock] = {}, shifts[kBlock] = {};
  for (std::int64_t t = 0; t < block.samples; ++t)
    for (std::int64_t c = 0; c < block.channels; ++c) {
      const float normal = (x[t * block.row + c] - means[c]) * inverses[c];
      const float z = normal * block.weight[c] + block.bias[c];
      const float of_z = of_y[t * block.row + c] * gelu_slope(z, normal_share(z));
      of_x[t * block.row + c] = of_z;
      shifts[c] += of_z;
      tilts[c] += of_z * normal;
    }
  float shift[kBlock], tilt[kBlock], scale[kBlock];
  for (std::int64_t c = 0; c < block.channels; ++c) {
    of_weight[c] = static_cast<float>(tilts[c]);
    of_bias[c] = static_cast<float>(shifts[c]);
    shift[c] = static_cast<float>(shifts[c] / n);
    tilt[c] = static_cast<float>(tilts[c] / n) * inverses[c];
    scale[c] = inverses[c] * block.weight[c];
  }
  for (std::int64_t t = 0; t < block.samples; ++t)
    for (std::int64_t c = 0; c < block.channels; ++c) {
      float& of = of_x[t * block.row + c];
      of = scale[c] * (of - shift[c] - (x[t * block.row + c] - means[c]) * tilt[c]);
    }
}

/// Calls work(block, first value, first of [B, C]) for all blocks of x.
template <class Work>
void for_blocks(const at::Tensor& x_BTC, const at::Tensor& weight, const at::Tensor& bias,
                Work work) {
  const auto T = x_BTC.size(1), C = x_BTC.size(2), blocks = (C + kBlock - 1) / kBlock;
  const auto *weights = weight.const_data_ptr<float>(), *biases = bias.const_data_ptr<float>();
  parallel_for(x_BTC.size(0) * blocks, 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i) {
      const auto item = i / blocks, c = i % blocks * kBlock;
      const Block block = {T, C, std::min(kBlock, C - c), weights + c, biases + c};
      work(block, item * T * C + c, item * C + c);
    }
  });
}

/// Saved: x, mean and inverse deviation of each channel, weight, bias.
struct ChannelNormGelu : torch::autograd::Function<ChannelNormGelu> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x_in,
                            const at::Tensor& weight, const at::Tensor& bias, double epsilon) {
    const auto x = x_in.contiguous();
    auto y = torch::empty_like(x);
    auto means = torch::empty({x.size(0), x.size(2)}, x.options()), inverses = means.clone();
    const auto* from = x.const_data_ptr<float>();
    auto *to = y.data_ptr<float>(), *mean = means.data_ptr<float>(),
         *inverse = inverses.data_ptr<float>();
    for_blocks(x, weight, bias, [&](const Block& block, std::int64_t at, std::int64_t channel) {
      norm_block(block, from + at, static_cast<float>(epsilon), mean + channel, inverse + channel,
                 to + at);
    });
    context->save_for_backward({x, means, inverses, weight, bias});
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &x = saved[0], &means = saved[1], &inverses = saved[2];
    const auto of_y = gradients[0].contiguous();
    auto of_x = torch::empty_like(x), of_weight = torch::empty_like(means),
         of_bias = torch::empty_like(means);
    const auto *from = x.const_data_ptr<float>(), *from_y = of_y.const_data_ptr<float>(),
               *mean = means.const_data_ptr<float>(), *inverse = inverses.const_data_ptr<float>();
    auto *to = of_x.data_ptr<float>(), *to_weight = of_weight.data_ptr<float>(),
         *to_bias = of_bias.data_ptr<float>();
    for_blocks(x, saved[3], saved[4],
               [&](const Block& block, std::int64_t at, std::int64_t channel) {
                 norm_block_backward(block, from + at, mean + channel, inverse + channel,
                                     from_y + at, to + at, to_weight + channel, to_bias + channel);
               });
    return {of_x, of_weight.sum(0), of_bias.sum(0), at::Tensor()};
  }
};

}  // namespace

at::Tensor channel_norm_gelu(const at::Tensor& x_BTC, const at::Tensor& weight_C,
                             const at::Tensor& bias_C, double epsilon) {
  return ChannelNormGelu::apply(x_BTC, weight_C, bias_C, epsilon);
}

}  // namespace einthoven::nn
