#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/nn/conv_positions.h"

using namespace einthoven;

TEST_CASE("even and odd kernels keep the number of tokens") {
  for (const std::int64_t kernel : {4, 5}) {
    nn::ConvPositions positions(8, kernel, 2);
    CHECK(positions->forward(torch::randn({2, 7, 8})).sizes() == at::IntArrayRef({2, 7, 8}));
  }
  CHECK_THROWS_AS(nn::ConvPositions(8, 4, 3), Error);
}

TEST_CASE("one scale per tap normalises the weight") {
  nn::WeightNormConv conv(6, 3, 2);
  torch::NoGradGuard no_grad;
  const auto g = conv->named_parameters()["parametrizations.weight.original0"];
  const auto v = conv->named_parameters()["parametrizations.weight.original1"];
  CHECK(torch::allclose(g, v.norm(2, {0, 1}, true)));  // a new layer computes with v itself
  g.mul_(3);
  v.mul_(0.5);
  const auto x = torch::randn({1, 6, 9});
  const auto weight = g * v / v.norm(2, {0, 1}, true);
  const auto expected = torch::conv1d(x, weight, conv->named_parameters()["bias"], 1, 1, 1, 2);
  CHECK(torch::allclose(conv->forward(x), expected, 1e-5, 1e-6));
}
