// Which tensors the kernels of our own take.
#pragma once

#include <ATen/autocast_mode.h>
#include <ATen/core/Tensor.h>

namespace einthoven::nn {

/// float32 on the CPU, while products are not narrowed to another type (mixed_precision.h).
inline bool is_plain_float(const at::Tensor& x) {
  return x.device().is_cpu() && x.scalar_type() == at::kFloat &&
         !at::autocast::is_autocast_enabled(at::kCPU);
}

}  // namespace einthoven::nn
