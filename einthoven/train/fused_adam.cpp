#include "einthoven/train/fused_adam.h"

#include <torch/types.h>

#include <cmath>

namespace einthoven::train {

void fused_update(AdamTensors& tensors, const AdamOptions& options, AdamVariant variant, double lr,
                  double factor, std::int64_t t) {
  if (tensors.values.empty()) return;
  const double beta1 = options.adam_betas[0], beta2 = options.adam_betas[1];
  // The kernel adds eps to sqrt(v) / root; fairseq adds it to sqrt(v).
  const double root = std::sqrt(1 - std::pow(beta2, t));
  const double eps = variant == AdamVariant::fairseq ? options.adam_eps / root : options.adam_eps;
  const auto number = tensors.values.front().options().requires_grad(false);
  const std::vector<at::Tensor> steps(tensors.values.size(),
                                      torch::full({}, static_cast<double>(t), number));
  at::_fused_adamw_(tensors.values, tensors.gradients, tensors.means, tensors.squares, {}, steps,
                    lr, beta1, beta2, options.weight_decay, eps, /*amsgrad=*/false,
                    /*maximize=*/false, /*grad_scale=*/torch::full({}, 1 / factor, number));
}

}  // namespace einthoven::train
