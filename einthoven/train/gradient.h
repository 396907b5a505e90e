// What happens to gradients between backward and the optimizer's step.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace einthoven::train {

/// Multiplies every gradient; undefined ones are skipped.
void scale_gradients(const std::vector<at::Tensor>& parameters, double factor);

/// Norm of the norms of the gradients in float32, and, if `max_norm` > 0, each gradient times
/// min(1, max_norm / (norm + 1e-6)). Returns the norm before clipping; 0 without gradients.
double clip_gradients(const std::vector<at::Tensor>& parameters, double max_norm);

}  // namespace einthoven::train
