#include "einthoven/train/gradient.h"

#include <torch/types.h>

#include <algorithm>

namespace einthoven::train {

double gradient_norm(const std::vector<at::Tensor>& parameters) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& parameter : parameters)
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  if (gradients.empty()) return 0;
  return torch::stack(at::_foreach_norm(gradients, 2, at::kFloat)).norm().item<double>();
}

double clip_factor(double norm, double max_norm) {
  return max_norm > 0 ? std::min(1.0, max_norm / (norm + 1e-6)) : 1;
}

}  // namespace einthoven::train
