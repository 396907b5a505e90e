#include <doctest/doctest.h>
#include <torch/torch.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "einthoven/nn/threads.h"

using namespace einthoven;

TEST_CASE("every item is visited once, by more than one thread") {
  const int before = at::get_num_threads();
  at::set_num_threads(2);
  std::vector<std::atomic<int>> visits(1000);
  std::set<std::thread::id> threads;
  std::mutex mutex;
  std::condition_variable arrived;
  nn::parallel_for(1000, 10, [&](std::int64_t from, std::int64_t to) {
    for (auto i = from; i < to; ++i) ++visits[static_cast<std::size_t>(i)];
    std::unique_lock lock(mutex);
    threads.insert(std::this_thread::get_id());
    arrived.notify_all();  // nobody takes all pieces before the other has come
    arrived.wait_for(lock, std::chrono::seconds(5), [&] { return threads.size() == 2; });
  });
  for (const auto& visit : visits) CHECK(visit == 1);
  CHECK(threads.size() == 2);
  at::set_num_threads(before);
}

TEST_CASE("an exception reaches the caller, and an inner loop is serial") {
  CHECK_THROWS_AS(
      nn::parallel_for(100, 1, [](std::int64_t, std::int64_t) { throw std::runtime_error("x"); }),
      std::runtime_error);
  std::atomic<int> sum{0};
  nn::parallel_for(4, 1, [&](std::int64_t from, std::int64_t to) {
    for (auto i = from; i < to; ++i)
      nn::parallel_for(10, 1,
                       [&](std::int64_t a, std::int64_t b) { sum += static_cast<int>(b - a); });
  });
  CHECK(sum == 40);
}
