#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/train/gradient.h"

using namespace einthoven;

TEST_CASE("gradients are clipped by their common norm") {
  torch::Tensor a = torch::zeros({2}).requires_grad_();
  torch::Tensor b = torch::zeros({1}).requires_grad_();
  torch::Tensor without = torch::zeros({1}).requires_grad_();
  a.mutable_grad() = torch::tensor({3.f, 0.f});
  b.mutable_grad() = torch::tensor({4.f});
  const double norm = train::gradient_norm({a, b, without});
  CHECK(norm == doctest::Approx(5));
  CHECK(a.grad()[0].item<float>() == 3);
  CHECK(train::gradient_norm({without}) == 0);
  CHECK(train::clip_factor(norm, 0) == 1);
  CHECK(train::clip_factor(norm, 10) == 1);
  CHECK(train::clip_factor(norm, 1) == doctest::Approx(1 / (5 + 1e-6)).epsilon(1e-9));
  CHECK(train::clip_factor(0, 1) == 1);
}
