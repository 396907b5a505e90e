#include "einthoven/train/processes.h"

#include <fmt/core.h>
#include <torch/utils.h>

#include <algorithm>

#include "einthoven/base/log.h"
#include "einthoven/base/parallel.h"

namespace einthoven::train {

std::unique_ptr<distributed::Group> join_processes(int threads, std::chrono::seconds patience,
                                                   at::Device device) {
  const distributed::Place place = distributed::place_from();
  const int cores = thread_count(threads);
  torch::set_num_threads(threads > 0 ? cores : std::max(1, cores / place.local_size));
  if (place.rank > 0) set_log_level(LogLevel::warn);
  if (place.size > 1)
    log_info(fmt::format("{} processes meet at {}:{}", place.size, place.address, place.port));
  return distributed::join_group(place, patience, device);
}

}  // namespace einthoven::train
