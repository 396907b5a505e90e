#include "einthoven/objective/arcface.h"

#include <torch/torch.h>

#include <cmath>
#include <numbers>

namespace einthoven::objective {

at::Tensor arcface(const at::Tensor& cosine_BK, const at::Tensor& target_B,
                   const ArcFaceOptions& options) {
  const double m = options.margin;
  const auto target_B1 = target_B.to(torch::kLong).unsqueeze(1);
  const auto cosine = cosine_BK.gather(1, target_B1);
  // The floor keeps the gradient of the root finite where a cosine is exactly 1.
  const auto sine = (1 - cosine.square()).clamp_min(1e-12).sqrt();
  const auto turned = cosine * std::cos(m) - sine * std::sin(m);
  const auto within = cosine.gt(std::cos(std::numbers::pi - m));
  const auto with_margin = torch::where(within, turned, cosine - m * std::sin(m));
  const auto logits = cosine_BK.scatter(1, target_B1, with_margin) * options.scale;
  return torch::cross_entropy_loss(logits, target_B1.squeeze(1), {}, at::Reduction::Sum);
}

}  // namespace einthoven::objective
