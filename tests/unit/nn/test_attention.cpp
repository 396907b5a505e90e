#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/nn/attention.h"

using namespace einthoven;

TEST_CASE("fused and explicit attention agree, with and without padding") {
  torch::manual_seed(1);
  nn::SelfAttention attention(16, 4, 0.0);
  attention->eval();
  torch::NoGradGuard no_grad;
  const auto x = torch::randn({2, 5, 16});
  auto mask = torch::zeros({2, 5}, torch::kBool);
  mask[1][4] = true;
  for (const auto& padding : {at::Tensor(), mask}) {
    const auto [fused, none] = attention->forward(x, padding, false);
    const auto [plain, weights] = attention->forward(x, padding, true);
    CHECK_FALSE(none.defined());
    CHECK(torch::allclose(fused, plain, 1e-5, 1e-6));
    CHECK(torch::allclose(weights.sum(-1), torch::ones({2, 5}), 1e-5, 1e-5));
    if (padding.defined()) CHECK(weights[1].select(1, 4).abs().sum().item<double>() == 0);
  }
}

TEST_CASE("heads must divide the width") {
  CHECK_THROWS_WITH_AS(nn::SelfAttention(16, 3, 0.0), doctest::Contains("encoder_attention_heads"),
                       Error);
}
