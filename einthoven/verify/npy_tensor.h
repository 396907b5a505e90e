// Between .npy files and tensors.
#pragma once

#include <ATen/core/Tensor.h>

#include "einthoven/base/file.h"

namespace einthoven::verify {

/// Any bool, integer or float array; owns its memory. Data error on other types.
at::Tensor read_tensor(const fs::path& path);

/// Writes bool, int32, int64, float32 or float64; creates folders.
void write_tensor(const fs::path& path, const at::Tensor& tensor);

}  // namespace einthoven::verify
