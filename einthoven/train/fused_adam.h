// Adam's update of many tensors of a GPU by a few kernels.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "einthoven/train/adam.h"

namespace einthoven::train {

/// Tensors at the same index belong together; float32, all on one device.
struct AdamTensors {
  std::vector<at::Tensor> values, gradients, means, squares;
};

/// Update number `t` of all of them, from the gradients times `factor` (which are changed), by
/// PyTorch's fused kernel. The same as Adam::step but for rounding.
void fused_update(AdamTensors& tensors, const AdamOptions& options, AdamVariant variant, double lr,
                  double factor, std::int64_t t);

}  // namespace einthoven::train
