#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/nn/grad_multiply.h"

TEST_CASE("values stay, gradients are scaled") {
  auto x = torch::tensor({1.F, 2.F}, torch::requires_grad());
  const auto y = einthoven::nn::grad_multiply(x, 0.1);
  CHECK(torch::equal(x, y));
  y.sum().backward();
  CHECK(torch::allclose(x.grad(), torch::full({2}, 0.1F)));
}
