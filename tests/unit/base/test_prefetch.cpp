#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>

#include "einthoven/base/prefetch.h"

using namespace einthoven;

TEST_CASE("items come in order for any number of workers") {
  for (const int workers : {0, 1, 4}) {
    Prefetch<std::vector<int>> items(200, workers, 3, [](std::size_t number) {
      if (number % 7 == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
      return std::vector<int>(5, static_cast<int>(number));
    });
    for (int want = 0; want < 200; ++want) CHECK(items.next().value() == std::vector<int>(5, want));
    CHECK_FALSE(items.next());
  }
}

TEST_CASE("no more items are made ahead than asked for") {
  std::atomic<int> made{0};
  Prefetch<int> items(1000, 2, 4, [&](std::size_t) { return ++made; });
  for (int taken = 0; taken < 50; ++taken) {
    CHECK(made <= taken + 4);
    items.next();
  }
}

TEST_CASE("a failure is thrown at its place, and what follows comes too") {
  for (const int workers : {0, 3}) {
    Prefetch<int> items(10, workers, 4, [](std::size_t number) {
      if (number == 5) throw std::runtime_error("five");
      return static_cast<int>(number);
    });
    for (int want = 0; want < 10; ++want) {
      if (want == 5)
        CHECK_THROWS_AS(items.next(), std::runtime_error);
      else
        CHECK(items.next() == want);
    }
  }
}

TEST_CASE("it can be left at any moment") {
  for (int taken = 0; taken < 40; ++taken) {
    Prefetch<std::string> items(100, 3, 5, [](std::size_t) { return std::string(1000, 'x'); });
    for (int i = 0; i < taken; ++i) items.next();
  }
}
