// Linear maps prepared once for inference.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>

namespace einthoven::nn {

/// In what numbers the linear maps of an encoder multiply in inference; all else is float32.
enum class Precision {
  float32,   ///< the weights packed for the kernel of gemm.h, where there is one
  bfloat16,  ///< weights and inputs rounded to 8 bits of mantissa
  int8,      ///< weights by output channel, inputs of a product with the range that they have (CPU)
};

/// "fp32", "bf16" or "int8"; usage error otherwise.
Precision parse_precision(const std::string& name);

/// Bits that int8 keeps of an input on this processor. x86 without AVX-512 VNNI adds pairs of
/// products in 16 bits, which hold them only if the inputs have 7.
int int8_input_bits();

/// x [..., K] -> [..., N], float32, with a copy of the weight [N, K] in another form. Empty if
/// there is nothing to prepare. Usage error for int8 on another device than the CPU.
using FrozenLinear = std::function<at::Tensor(const at::Tensor& x)>;
FrozenLinear freeze_linear(const at::Tensor& weight, const at::Tensor& bias, Precision precision);

}  // namespace einthoven::nn
