// The number formats that a run computes in.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include "einthoven/config/groups.h"
#include "einthoven/model/model.h"
#include "einthoven/nn/mixed_precision.h"

namespace einthoven::train {

/// `full`: float32. `half`: weights, activations and gradients in float16 (common.fp16), as the
/// reference. `brain`: float32 weights and gradients, products and convolutions in bfloat16
/// (common.bf16).
enum class Precision { full, half, brain };

/// Config error for combinations that cannot work.
Precision precision_of(const config::CommonOptions& common);

/// What operations on `device` are narrowed to.
nn::Narrowing narrowing(Precision precision, at::Device device);

/// Turns all floating-point weights and buffers of the model into `type`, in place.
void convert(model::Model& model, c10::ScalarType type);

}  // namespace einthoven::train
