// Element types of checkpoint formats, and tensors that look into a mapped file.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <optional>
#include <string_view>

#include "einthoven/base/bytes.h"

namespace einthoven::checkpoint {

/// float32, torch.float, FloatStorage, F32, <f4, ...: by the name that a format uses.
std::optional<at::ScalarType> torch_type_of(std::string_view name);    ///< "float32", "half", ...
std::optional<at::ScalarType> storage_type_of(std::string_view name);  ///< "FloatStorage", ...
std::optional<at::ScalarType> safetensors_type_of(std::string_view name);  ///< "F32", ...
std::optional<at::ScalarType> numpy_type_of(std::string_view name);        ///< "f4", "i8", "b1"
/// The other way; checkpoint error for types that the format has not.
std::string_view storage_name(at::ScalarType type);
std::string_view safetensors_name(at::ScalarType type);

/// A one-dimensional tensor over little-endian `bytes` without a copy where alignment allows it;
/// `owner` keeps them alive. Trailing bytes that make no element are left out.
at::Tensor tensor_over(Bytes bytes, at::ScalarType type, std::shared_ptr<const void> owner);

/// The same from big-endian bytes (always a copy).
at::Tensor tensor_from_big_endian(Bytes bytes, at::ScalarType type);

}  // namespace einthoven::checkpoint
