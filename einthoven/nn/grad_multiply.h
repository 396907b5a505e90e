// Scales gradients without touching values.
#pragma once

#include <ATen/core/Tensor.h>

namespace einthoven::nn {

/// Identity forward; the gradient is multiplied by `factor` (wav2vec 2.0's feature_grad_mult).
at::Tensor grad_multiply(const at::Tensor& x, double factor);

}  // namespace einthoven::nn
