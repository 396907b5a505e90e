// The size of the gradients between backward and the optimizer's step.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace einthoven::train {

/// Norm of the norms of the gradients in float32; undefined ones are skipped, 0 without any.
double gradient_norm(const std::vector<at::Tensor>& parameters);

/// What gradients of this norm are multiplied by when clipped: min(1, max_norm / (norm + 1e-6)); 1
/// unless `max_norm` > 0.
double clip_factor(double norm, double max_norm);

}  // namespace einthoven::train
