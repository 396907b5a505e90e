// Exact GELU of float32 values on the CPU in one vectorised pass.
#pragma once

#include <ATen/core/Tensor.h>

namespace einthoven::nn {

/// x Phi(x), Phi the normal distribution function, within 3e-7 of the exact value (1 + |x|).
at::Tensor gelu_of(const at::Tensor& x);

/// The same in place.
void gelu_in_place(at::Tensor& x);

/// Multiplies `gradient` in place by the derivative at `x` and returns gelu_of(x).
at::Tensor gelu_backward_(at::Tensor& gradient, const at::Tensor& x);

}  // namespace einthoven::nn
