#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>

#include "einthoven/objective/arcface.h"

using namespace einthoven;

TEST_CASE("the margin is an angle, and a constant where the angle would pass pi") {
  const double cosine = 0.3, m = 0.5;
  const auto loss = [&](double target) {
    const auto logits = torch::tensor({{target, 0.1}}, torch::kDouble);
    return objective::arcface(logits, torch::zeros({1}, torch::kLong), {10, m}).item<double>();
  };
  const auto expected = [](double with_margin) {
    return std::log(1 + std::exp(10 * (0.1 - with_margin)));
  };
  CHECK(loss(cosine) == doctest::Approx(expected(std::cos(std::acos(cosine) + m))));
  CHECK(loss(-0.95) == doctest::Approx(expected(-0.95 - m * std::sin(m))));
}

TEST_CASE("the gradient is finite where the cosine is 1") {
  auto logits = torch::tensor({{1.F, 0.2F}}, torch::requires_grad());
  objective::arcface(logits, torch::zeros({1}, torch::kLong), {32, 0.5}).backward();
  CHECK(logits.grad().isfinite().all().item<bool>());
}
