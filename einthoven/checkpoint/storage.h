// Element types of checkpoint formats, and tensors that look into a mapped file.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <optional>
#include <string_view>

#include "einthoven/base/file.h"

namespace einthoven::checkpoint {

/// float32, torch.float, FloatStorage, F32, <f4, ...: by the name that a format uses.
std::optional<at::ScalarType> torch_type_of(std::string_view name);    ///< "float32", "half", ...
std::optional<at::ScalarType> storage_type_of(std::string_view name);  ///< "FloatStorage", ...
std::optional<at::ScalarType> safetensors_type_of(std::string_view name);  ///< "F32", ...
std::optional<at::ScalarType> numpy_type_of(std::string_view name);        ///< "f4", "i8", "b1"
/// The other way; checkpoint error for types that the format has not.
std::string_view storage_name(at::ScalarType type);
std::string_view safetensors_name(at::ScalarType type);

/// A one-dimensional tensor over little-endian `bytes` of a privately mapped file, without a copy
/// where alignment allows it. Trailing bytes that make no element are left out.
at::Tensor tensor_over(Bytes bytes, at::ScalarType type, std::shared_ptr<const MappedFile> file);

/// The whole pages of a dense tensor over a file leave the memory of this process until they are
/// read again. It must not have been written to. Other tensors stay as they are.
void forget_pages(const at::Tensor& tensor);

/// A tensor of its own from little-endian bytes, or from big-endian ones.
at::Tensor tensor_from_little_endian(Bytes bytes, at::ScalarType type);
at::Tensor tensor_from_big_endian(Bytes bytes, at::ScalarType type);

}  // namespace einthoven::checkpoint
