// Several members of a group as threads of one process.
#pragma once

#include <unistd.h>

#include <exception>
#include <functional>
#include <thread>
#include <vector>

#include "einthoven/distributed/group.h"

namespace einthoven::distributed {

/// Calls `work` on one thread for each of `size` members; the first exception is rethrown.
inline void together(int size, const std::function<void(Group&)>& work) {
  static int port = 20000 + static_cast<int>(::getpid() % 10000);
  const int chosen = ++port;
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(size));
  std::vector<std::thread> threads;
  for (int rank = 0; rank < size; ++rank)
    threads.emplace_back([&, rank] {
      try {
        Place place;
        place.rank = rank;
        place.size = size;
        place.port = chosen;
        const auto group = join_group(place, std::chrono::seconds(20));
        work(*group);
        group->wait_for_all();
      } catch (...) {
        failures[static_cast<std::size_t>(rank)] = std::current_exception();
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

}  // namespace einthoven::distributed
