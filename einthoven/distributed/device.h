// The device on which this process computes.
#pragma once

#include <c10/core/Device.h>

#include <string>

namespace einthoven::distributed {

/// "cpu", "cuda" (the GPU of this process among those of its host) or "cuda:N"; usage error
/// otherwise, or if there is no such device.
at::Device device_named(const std::string& name);

}  // namespace einthoven::distributed
