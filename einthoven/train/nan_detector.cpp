#include "einthoven/train/nan_detector.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <sstream>

namespace einthoven::train {
namespace {

bool finite(const at::Tensor& tensor) {
  return !tensor.defined() || !tensor.is_floating_point() ||
         torch::isfinite(tensor).all().item<bool>();
}

std::string phrase(const char* what, const std::string& name, const at::Tensor& tensor) {
  std::ostringstream shape;
  shape << tensor.sizes();
  const std::size_t dot = name.rfind('.');
  const std::string module = dot == std::string::npos ? "the model" : name.substr(0, dot);
  return fmt::format("{} {} {} (module {})", what, name, shape.str(), module);
}

}  // namespace

std::string first_not_finite(const model::Model& model, const std::vector<data::Batch>& group) {
  for (const data::Batch& batch : group)
    if (!finite(batch.source)) return "a signal of the batch has NaN or infinite samples";
  const auto named = model.named_parameters();
  for (const auto& parameter : named)
    if (!finite(parameter.value())) return phrase("weight", parameter.key(), parameter.value());
  for (const auto& parameter : named)
    if (!finite(parameter.value().grad()))
      return phrase("first in the gradient of", parameter.key(), parameter.value());
  return "the norm overflows float32; lower the learning rate or set optimization.clip_norm";
}

}  // namespace einthoven::train
