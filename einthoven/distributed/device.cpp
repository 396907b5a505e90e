#include "einthoven/distributed/device.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/distributed/place.h"

namespace einthoven::distributed {

at::Device device_named(const std::string& name) {
  try {
    at::Device device(name);
    if (device.is_cuda() && !device.has_index())
      device.set_index(static_cast<c10::DeviceIndex>(place_from().local_rank));
    const bool present = device.is_cpu() || (device.is_cuda() && torch::cuda::is_available() &&
                                             device.index() < torch::cuda::device_count());
    if (present) return device;
  } catch (const c10::Error&) {
    throw usage_error(fmt::format("--device: want cpu, cuda or cuda:N, got {}", name));
  }
  throw usage_error(fmt::format("--device: {} is not available here", name));
}

}  // namespace einthoven::distributed
