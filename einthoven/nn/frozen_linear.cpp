#include "einthoven/nn/frozen_linear.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/native/quantized/PackedParams.h>
#include <c10/util/Exception.h>
#include <torch/torch.h>

#include <memory>
#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/nn/gemm.h"
#include "einthoven/nn/linear.h"
#include "einthoven/nn/tile_kernel.h"
#include "einthoven/nn/tile_product.h"

namespace einthoven::nn {
namespace {

/// A product with float32 inputs, outputs and bias.
template <class Matrix>
FrozenLinear product_with(Matrix of_weight, const at::Tensor& bias) {
  const auto matrix = std::make_shared<Matrix>(std::move(of_weight));
  return [matrix, bias](const at::Tensor& x) {
    const auto rows = rows_of(x);
    auto y = torch::empty({rows.size(0), matrix->columns()}, x.options());
    multiply(rows, *matrix, bias, y);
    auto shape = x.sizes().vec();
    shape.back() = matrix->columns();
    return y.view(shape);
  };
}

FrozenLinear rounded(const at::Tensor& weight, const at::Tensor& bias) {
  if (weight.device().is_cpu() && kernel::tiles_of_processor() != nullptr)
    return product_with(RoundedMatrix(weight.t()), bias);
  const auto w = weight.to(at::kBFloat16), b = bias.to(at::kBFloat16);
  return [w, b](const at::Tensor& x) {
    return torch::linear(x.to(at::kBFloat16), w, b).to(at::kFloat);
  };
}

/// torch announces that its quantised tensors will go; nothing that a user could act on.
class NoWarnings : public c10::WarningHandler {
  void process(const c10::Warning& /*warning*/) override {}
};

FrozenLinear quantised(const at::Tensor& weight, const at::Tensor& bias) {
  if (!weight.device().is_cpu())
    throw usage_error("--precision int8: works on the CPU only", "bf16 works on GPUs too");
  const auto scales = weight.abs().amax(1).clamp_min(1e-12).to(at::kDouble) / 127;
  const auto zeros = torch::zeros_like(scales, at::kLong);
  NoWarnings silent;
  const c10::WarningUtils::WarningHandlerGuard guard(&silent);
  const auto codes = torch::quantize_per_channel(weight, scales, zeros, 0, at::kQInt8);
  using Packed = c10::intrusive_ptr<LinearPackedParamsBase>;
  const auto prepack = c10::Dispatcher::singleton()
                           .findSchemaOrThrow("quantized::linear_prepack", "")
                           .typed<Packed(at::Tensor, std::optional<at::Tensor>)>();
  const Packed map = prepack.call(codes, bias);
  return [map](const at::Tensor& x) {
    return map->apply_dynamic(x.contiguous(), int8_input_bits() < 8);
  };
}

}  // namespace

int int8_input_bits() {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx512vnni") ? 8 : 7;
#else
  return 8;
#endif
}

Precision parse_precision(const std::string& name) {
  if (name == "fp32") return Precision::float32;
  if (name == "bf16") return Precision::bfloat16;
  if (name == "int8") return Precision::int8;
  throw usage_error("--precision: want fp32, bf16 or int8, got " + name);
}

FrozenLinear freeze_linear(const at::Tensor& weight_in, const at::Tensor& bias_in,
                           Precision precision) {
  const torch::NoGradGuard no_grad;
  const auto weight = weight_in.detach(), bias = bias_in.detach();
  if (precision == Precision::int8) return quantised(weight, bias);
  if (precision == Precision::bfloat16) return rounded(weight, bias);
  if (!multiplies_itself(weight, weight)) return nullptr;
  return product_with(PackedMatrix::of_transpose(weight), bias);
}

}  // namespace einthoven::nn
