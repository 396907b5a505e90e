#include <doctest/doctest.h>
#include <torch/torch.h>

#include <atomic>

#include "tests/unit/distributed/together.h"

namespace einthoven::distributed {

TEST_CASE("sum, broadcast and gather over three members") {
  std::atomic<int> right = 0;
  together(3, [&](Group& group) {
    at::Tensor values = torch::full({5}, static_cast<float>(group.rank() + 1));
    group.sum(values);
    at::Tensor sent = torch::full({2}, group.rank(), at::kLong);
    group.broadcast({sent});
    const auto texts = group.gather(std::string(static_cast<std::size_t>(group.rank()), 'x'));
    const bool fine = values.eq(6).all().item<bool>() && sent.eq(0).all().item<bool>() &&
                      texts == std::vector<std::string>{"", "x", "xx"} &&
                      group.broadcast(group.is_first() ? "first" : "other") == "first";
    right += fine ? 1 : 0;
  });
  CHECK(right == 3);
}

TEST_CASE("a member that is gone ends the others with a distributed error") {
  std::atomic<int> failed = 0;
  together(1, [](Group&) {});
  CHECK_THROWS_AS(together(3,
                           [&](Group& group) {
                             group.wait_for_all();  // all have met
                             if (group.rank() == 2) throw std::runtime_error("gone");
                             at::Tensor values = torch::ones({1});
                             try {
                               group.sum(values);
                             } catch (const Error& error) {
                               failed += error.exit_code() == 5 ? 1 : 0;
                               throw;
                             }
                           }),
                  Error);
  CHECK(failed == 2);
}

TEST_CASE("of the library's messages the first sentence is passed on") {
  using distributed::first_sentence;
  CHECK(first_sentence("[/__w/x/pair.cc:553] Connection closed by peer [::1]:9") ==
        "Connection closed by peer [::1]:9");
  CHECK(first_sentence("[a.cpp:1] Timed out. See the logs. GLHF\nframe #0: x") == "Timed out");
  CHECK(first_sentence("plain") == "plain");
  CHECK(first_sentence("[") == "[");
  CHECK(first_sentence("").empty());
}

TEST_CASE("a process alone needs nobody") {
  const auto group = join_group({}, std::chrono::seconds(1));
  CHECK(group->size() == 1);
  CHECK(group->gather("a") == std::vector<std::string>{"a"});
}

}  // namespace einthoven::distributed
