// The end of each half of a transformer layer, as one pass over memory.
#pragma once

#include <ATen/core/Tensor.h>

namespace einthoven::nn {

/// layer_norm(x + dropout(z)) over the last dimension; `dropout` 0: none. On the CPU in float32 one
/// fused pass each way that keeps only the sum; otherwise torch's operations.
at::Tensor add_norm(const at::Tensor& x, const at::Tensor& z, const at::Tensor& weight,
                    const at::Tensor& bias, double epsilon, double dropout);

}  // namespace einthoven::nn
