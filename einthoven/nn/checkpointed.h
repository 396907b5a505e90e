// Activations computed again in the backward pass instead of kept (Chen et al. 2016).
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

namespace einthoven::nn {

/// `compute(x)`, whose inner results are not kept for the backward pass: it is run once more there,
/// with the same random draws and precision, so values and gradients are the same bits.
/// `parameters`: all that `compute` uses besides x. `compute` must not depend on anything that
/// changes before the backward pass.
at::Tensor checkpointed(const std::function<at::Tensor(const at::Tensor&)>& compute,
                        const at::Tensor& x, const std::vector<at::Tensor>& parameters);

}  // namespace einthoven::nn
