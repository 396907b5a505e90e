// NCCL between the GPUs of a run, where LibTorch has it.
#pragma once

#include <c10/core/Device.h>

#include <chrono>
#include <torch/csrc/distributed/c10d/Backend.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>

#include "einthoven/distributed/place.h"

namespace einthoven::distributed {

/// True if this build has NCCL (a LibTorch with CUDA, and the headers nccl.h and cuda_runtime.h).
bool has_nccl();

/// The connections of this process's GPU `device`; null without NCCL.
c10::intrusive_ptr<c10d::Backend> nccl_backend(const c10::intrusive_ptr<c10d::Store>& store,
                                               const Place& place,
                                               std::chrono::milliseconds timeout,
                                               at::Device device);

}  // namespace einthoven::distributed
