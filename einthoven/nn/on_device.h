// Tensors that the host makes for a device.
#pragma once

#include <ATen/core/Tensor.h>

namespace einthoven::nn {

/// The tensor on `device`, undefined if it is. What goes to a GPU travels from pinned memory, so
/// that nobody waits for it.
at::Tensor on_device(const at::Tensor& tensor, at::Device device);

}  // namespace einthoven::nn
