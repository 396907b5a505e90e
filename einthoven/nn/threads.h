// Loops over the threads that LibTorch computes with.
#pragma once

#include <cstdint>
#include <functional>

namespace einthoven::nn {

/// Calls body(from, to) for pieces of [0, count) of at least `grain`, on up to
/// at::get_num_threads() threads of LibTorch's own OpenMP pool: a second pool would fight with it
/// over the cores. (Its at::parallel_for is serial in code that is not itself compiled with that
/// OpenMP.) Which thread takes which piece is open. Serial within another such loop and where there
/// is no such pool.
void parallel_for(std::int64_t count, std::int64_t grain,
                  const std::function<void(std::int64_t from, std::int64_t to)>& body);

}  // namespace einthoven::nn
