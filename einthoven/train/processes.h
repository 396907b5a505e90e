// The processes that a command was started as.
#pragma once

#include <c10/core/Device.h>

#include <chrono>
#include <memory>

#include "einthoven/distributed/group.h"

namespace einthoven::train {

constexpr std::chrono::seconds kPatience{600};  ///< a process silent for so long is dead

/// Meets the processes that this one was started with (`einthoven launch`, torchrun, Slurm; alone
/// without them), see distributed::place_from() and join_group(). `threads`: of LibTorch; 0: the
/// processes of a host share its cores. All but the first log warnings only.
std::unique_ptr<distributed::Group> join_processes(int threads,
                                                   std::chrono::seconds patience = kPatience,
                                                   at::Device device = at::kCPU);

}  // namespace einthoven::train
