#include "einthoven/train/gradient.h"

#include <torch/types.h>

namespace einthoven::train {
namespace {

std::vector<at::Tensor> gradients_of(const std::vector<at::Tensor>& parameters) {
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& parameter : parameters)
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  return gradients;
}

}  // namespace

void scale_gradients(const std::vector<at::Tensor>& parameters, double factor) {
  const at::NoGradGuard no_grad;
  for (at::Tensor& gradient : gradients_of(parameters)) gradient.mul_(factor);
}

double clip_gradients(const std::vector<at::Tensor>& parameters, double max_norm) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> gradients = gradients_of(parameters);
  if (gradients.empty()) return 0;
  std::vector<at::Tensor> norms;
  for (const at::Tensor& gradient : gradients) norms.push_back(gradient.norm(2, at::kFloat));
  const at::Tensor norm = torch::stack(norms).norm();
  if (max_norm > 0) {
    const at::Tensor factor = (max_norm / (norm + 1e-6)).clamp_max_(1);
    for (at::Tensor& gradient : gradients) gradient.mul_(factor);
  }
  return norm.item<double>();
}

}  // namespace einthoven::train
