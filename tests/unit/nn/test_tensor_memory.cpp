#include <doctest/doctest.h>
#include <torch/torch.h>

#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "einthoven/nn/tensor_memory.h"

using namespace einthoven;

namespace {

at::Tensor floats(std::int64_t count) { return torch::empty({count}, torch::kFloat); }

constexpr std::int64_t kLarge = 64 * 12 * 2500;

}  // namespace

TEST_CASE("tensor memory: large blocks come back for tensors of about their size, in any thread") {
  nn::use_tensor_memory();
  at::Tensor first = floats(kLarge);
  first.fill_(1);
  const void* block = first.data_ptr();
  const at::Tensor second = floats(kLarge);
  CHECK(second.data_ptr() != block);
  at::Tensor view = first.narrow(0, kLarge - 30'000, 30'000);
  first.reset();
  CHECK(floats(kLarge).data_ptr() != block);  // the view holds it
  CHECK(view.sum().item<float>() == 30'000);
  std::thread([&] { view.reset(); }).join();
  CHECK(floats(kLarge - 100).data_ptr() == block);
  CHECK(floats(kLarge / 2).data_ptr() != block);
}

TEST_CASE("tensor memory: of every size, aligned to a line, as large as asked for") {
  nn::use_tensor_memory();
  for (const std::int64_t count : {1, 3, 262'143, 262'144, 262'145, 524'272, 524'288, 5'000'001}) {
    at::Tensor x = floats(count);
    CHECK(reinterpret_cast<std::uintptr_t>(x.data_ptr()) % 64 == 0);
    x.fill_(2);
    x.resize_({count + 1000});
    CHECK(x.narrow(0, 0, count).eq(2).all().item<bool>());
    x.fill_(3);
  }
  CHECK(floats(0).numel() == 0);
}

TEST_CASE("tensor memory: more than there is is refused, and leaves what there is alone") {
  nn::use_tensor_memory();
  at::Tensor kept = floats(kLarge).fill_(1);
  CHECK_THROWS(floats(std::int64_t{1} << 50));
  CHECK(kept.sum().item<float>() == kLarge);
}

TEST_CASE("tensor memory: blocks of all sizes come, go and take over pages; none touches another") {
  nn::use_tensor_memory();
  std::atomic<int> wrong = 0;
  const auto work = [&](unsigned seed) {
    std::mt19937 random(seed);
    std::vector<at::Tensor> live(8);
    for (int i = 0; i < 300; ++i) {
      at::Tensor& x = live[random() % live.size()];
      if (x.defined()) wrong += !x.eq(x[0]).all().item<bool>();
      x.reset();
      x = floats(200'000 + random() % 3'000'000).fill_(i);
    }
  };
  std::thread other(work, 1);
  work(2);
  other.join();
  CHECK(wrong == 0);
}
