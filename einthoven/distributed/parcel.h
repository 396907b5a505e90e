// Values and tensors as bytes that travel between processes.
#pragma once

#include <ATen/core/Tensor.h>

#include <nlohmann/json.hpp>
#include <string>

namespace einthoven::distributed {

/// Of any type and shape, exactly; null for an undefined tensor. It comes back on the CPU.
nlohmann::json packed_tensor(const at::Tensor& tensor);
at::Tensor unpacked_tensor(const nlohmann::json& packed);

/// Numbers keep all their bits, also NaN and infinities.
std::string to_bytes(const nlohmann::json& value);
nlohmann::json from_bytes(const std::string& bytes);

}  // namespace einthoven::distributed
