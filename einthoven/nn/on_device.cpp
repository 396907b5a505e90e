#include "einthoven/nn/on_device.h"

#include <torch/types.h>

namespace einthoven::nn {

at::Tensor on_device(const at::Tensor& tensor, at::Device device) {
  if (!tensor.defined() || tensor.device() == device) return tensor;
  const bool pins = device.is_cuda() && tensor.device().is_cpu();
  return (pins ? tensor.pin_memory() : tensor).to(device, /*non_blocking=*/pins);
}

}  // namespace einthoven::nn
