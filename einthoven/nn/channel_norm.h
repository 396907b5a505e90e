// The end of the first stage of a convolutional extractor, as one pass over memory.
#pragma once

#include <ATen/core/Tensor.h>

namespace einthoven::nn {

/// gelu(norm(x)): each channel of x [B, T, C] (is_plain_float()) normalised over time, then times
/// weight [C] plus bias [C]: a group norm with as many groups as channels. Only x is kept for the
/// backward pass.
at::Tensor channel_norm_gelu(const at::Tensor& x_BTC, const at::Tensor& weight_C,
                             const at::Tensor& bias_C, double epsilon);

}  // namespace einthoven::nn
