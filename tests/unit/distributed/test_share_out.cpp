#include <doctest/doctest.h>

#include <atomic>
#include <mutex>

#include "einthoven/distributed/share_out.h"
#include "tests/unit/distributed/together.h"

namespace einthoven::distributed {
namespace {

/// What the first of `size` members takes of `count` pieces, each its number in so many letters.
std::vector<std::string> taken(int size, std::size_t count) {
  std::vector<std::string> all;
  std::atomic<bool> right = true;
  together(size, [&](Group& group) {
    share_out(
        group, count,
        [&](std::size_t i) {
          if (i % static_cast<std::size_t>(group.size()) != static_cast<std::size_t>(group.rank()))
            right = false;
          return std::string(i, 'x');
        },
        [&](std::size_t i, const std::string& piece) {
          if (!group.is_first() || i != all.size()) right = false;
          all.push_back(piece);
        });
  });
  CHECK(right);
  return all;
}

}  // namespace

TEST_CASE("the first member takes every piece in order, however many make them") {
  const auto alone = taken(1, 5);
  CHECK(alone == std::vector<std::string>{"", "x", "xx", "xxx", "xxxx"});
  for (const int size : {2, 3, 6}) CHECK(taken(size, 5) == alone);
  CHECK(taken(2, 0).empty());
}

}  // namespace einthoven::distributed
