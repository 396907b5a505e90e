#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/train/gradient.h"

using namespace einthoven;

TEST_CASE("gradients are scaled and clipped by their common norm") {
  torch::Tensor a = torch::zeros({2}).requires_grad_();
  torch::Tensor b = torch::zeros({1}).requires_grad_();
  torch::Tensor without = torch::zeros({1}).requires_grad_();
  a.mutable_grad() = torch::tensor({6.f, 0.f});
  b.mutable_grad() = torch::tensor({8.f});
  const std::vector<at::Tensor> all = {a, b, without};
  train::scale_gradients(all, .5);
  CHECK(train::clip_gradients(all, 0) == doctest::Approx(5));
  CHECK(a.grad()[0].item<float>() == 3);
  CHECK(train::clip_gradients(all, 10) == doctest::Approx(5));
  CHECK(a.grad()[0].item<float>() == 3);
  CHECK(train::clip_gradients(all, 1) == doctest::Approx(5));
  CHECK(a.grad()[0].item<double>() == doctest::Approx(3 / (5 + 1e-6)));
  CHECK(train::clip_gradients({without}, 1) == 0);
}

TEST_CASE("accumulated sums divided by the sum of sizes are the gradient of the mean") {
  torch::Tensor w = torch::tensor({2.f}).requires_grad_();
  (w * 3).sum().backward();
  (w * w).sum().backward();
  train::scale_gradients({w}, 1.0 / (4 + 1));
  CHECK(w.grad().item<float>() == doctest::Approx((3 + 4) / 5.0));
}
