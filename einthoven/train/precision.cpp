#include "einthoven/train/precision.h"

#include <torch/types.h>

#include "einthoven/base/error.h"

namespace einthoven::train {

Precision precision_of(const config::CommonOptions& common) {
  if (common.fp16 && common.bf16)
    throw config_error("common.fp16, common.bf16: want one of them, not both");
  if (common.memory_efficient_fp16 && !common.fp16)
    throw config_error("common.memory_efficient_fp16: needs common.fp16=true");
  if (common.fp16) return Precision::half;
  return common.bf16 ? Precision::brain : Precision::full;
}

nn::Narrowing narrowing(Precision precision, at::Device device) {
  return {.device = device.type(), .on = precision == Precision::brain, .type = at::kBFloat16};
}

void convert(model::Model& model, c10::ScalarType type) {
  const at::NoGradGuard no_grad;
  const auto turn = [type](const at::Tensor& tensor) {
    if (tensor.is_floating_point()) tensor.set_data(tensor.to(type));
  };
  for (const at::Tensor& parameter : model.parameters()) turn(parameter);
  for (const at::Tensor& buffer : model.buffers()) turn(buffer);
}

}  // namespace einthoven::train
