#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>

#include "einthoven/nn/pooling.h"

using namespace einthoven;

TEST_CASE("the mean counts entries that are not zero, channel by channel") {
  const auto x = torch::tensor({{{1.F, 0.F}, {3.F, 4.F}, {5.F, 0.F}}});
  const auto padding = torch::tensor({{0, 0, 1}}, torch::kBool);
  const auto mean = nn::mean_of_nonzero(nn::zero_padding(x, padding));
  CHECK(mean[0][0].item<float>() == 2);
  CHECK(mean[0][1].item<float>() == 4);
  CHECK(nn::zero_padding(x, {}).is_same(x));
  CHECK(std::isnan(nn::mean_of_nonzero(torch::zeros({1, 2, 1})).item<float>()));
}
