#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

#include "einthoven/base/parallel.h"

using namespace einthoven;

TEST_CASE("results are consumed in order, whatever finishes first") {
  std::vector<int> squares(200);
  std::vector<int> seen;
  ordered_pipeline(
      200, 4, 8, [&](std::size_t i) { squares[i] = static_cast<int>(i * i); },
      [&](std::size_t i) { seen.push_back(squares[i]); });
  REQUIRE(seen.size() == 200);
  for (int i = 0; i < 200; ++i) CHECK(seen[static_cast<std::size_t>(i)] == i * i);
}

TEST_CASE("never more than the window is in flight") {
  std::atomic<int> flying = 0;
  std::atomic<int> most = 0;
  ordered_pipeline(
      100, 4, 3,
      [&](std::size_t) {
        const int now = ++flying;
        int before = most;
        while (now > before && !most.compare_exchange_weak(before, now)) {
        }
      },
      [&](std::size_t) { --flying; });
  CHECK(most <= 3);
}

TEST_CASE("an exception of a worker or the consumer reaches the caller") {
  const auto nothing = [](std::size_t) {};
  const auto fail_at_7 = [](std::size_t i) {
    if (i == 7) throw std::runtime_error("seven");
  };
  CHECK_THROWS_WITH(ordered_pipeline(50, 3, 5, fail_at_7, nothing), "seven");
  CHECK_THROWS_WITH(ordered_pipeline(50, 3, 5, nothing, fail_at_7), "seven");
  CHECK_NOTHROW(ordered_pipeline(0, 3, 5, nothing, nothing));
}

TEST_CASE("a closed queue drains") {
  BoundedQueue<int> queue(2);
  CHECK(queue.push(1));
  queue.close();
  CHECK_FALSE(queue.push(2));
  CHECK(queue.pop() == 1);
  CHECK_FALSE(queue.pop().has_value());
}
