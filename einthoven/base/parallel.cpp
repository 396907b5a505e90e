#include "einthoven/base/parallel.h"

#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace einthoven {

int thread_count(int requested) {
  if (requested > 0) return requested;
  const unsigned cores = std::thread::hardware_concurrency();
  return cores > 0 ? static_cast<int>(cores) : 1;
}

void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work) {
  ordered_pipeline(count, threads, count, work, [](std::size_t) {});
}

void ordered_pipeline(std::size_t count, int threads, std::size_t window,
                      const std::function<void(std::size_t)>& produce,
                      const std::function<void(std::size_t)>& consume) {
  if (thread_count(threads) == 1) {  // by the calling one: to hand over costs more than it gains
    for (std::size_t i = 0; i < count; ++i) {
      produce(i);
      consume(i);
    }
    return;
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<bool> finished(count, false);
  std::size_t next = 0;
  std::size_t consumed = 0;
  std::exception_ptr failure;

  auto worker = [&] {
    for (;;) {
      std::size_t i = 0;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return failure || next >= count || next < consumed + window; });
        if (failure || next >= count) return;
        i = next++;
      }
      try {
        produce(i);
      } catch (...) {
        std::scoped_lock lock(mutex);
        if (!failure) failure = std::current_exception();
      }
      std::scoped_lock lock(mutex);
      finished[i] = true;
      changed.notify_all();
    }
  };

  {
    std::vector<std::jthread> pool;
    pool.reserve(static_cast<std::size_t>(thread_count(threads)));
    for (int t = 0; t < thread_count(threads); ++t) pool.emplace_back(worker);
    while (consumed < count) {
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return failure || finished[consumed]; });
        if (failure) break;
      }
      try {
        consume(consumed);
      } catch (...) {
        std::scoped_lock lock(mutex);
        if (!failure) failure = std::current_exception();
      }
      std::scoped_lock lock(mutex);
      ++consumed;
      changed.notify_all();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace einthoven
