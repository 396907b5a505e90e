// A window on intermediate results, for parity checks and embeddings of inner layers.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string_view>

namespace einthoven::nn {

/// Called with the name of a stage ("conv0", "layer3", ...) and its result; empty: nobody looks.
using Observer = std::function<void(std::string_view, const at::Tensor&)>;

}  // namespace einthoven::nn
