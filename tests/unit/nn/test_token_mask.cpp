#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/nn/token_mask.h"

using namespace einthoven;

namespace {

const auto kLayers = std::vector<nn::ConvLayer>(4, {32, 2, 2});

at::Tensor padded_from(std::vector<std::int64_t> lengths, std::int64_t samples) {
  const auto valid = torch::tensor(lengths, torch::kLong).unsqueeze(1);
  return (torch::arange(samples).unsqueeze(0) >= valid).unsqueeze(1).expand({-1, 12, -1});
}

}  // namespace

TEST_CASE("tokens beyond the convolved length are padding") {
  const auto mask =
      nn::token_padding_mask(padded_from({500, 400, 16}, 500), 31, kLayers, nn::EmptyRow::masked);
  CHECK(mask.sum(1).equal(torch::tensor({0, 6, 30})));
  CHECK(mask[1][24].item<bool>() == false);
  CHECK(mask[1][25].item<bool>() == true);
}

TEST_CASE("no padding gives no mask") {
  CHECK_FALSE(nn::token_padding_mask({}, 31, kLayers, nn::EmptyRow::masked).defined());
  CHECK_FALSE(
      nn::token_padding_mask(padded_from({500, 500}, 500), 31, kLayers, nn::EmptyRow::masked)
          .defined());
}

TEST_CASE("rows too short for a token are masked wholly or not at all") {
  const auto samples = padded_from({500, 10}, 500);
  const auto masked = nn::token_padding_mask(samples, 31, kLayers, nn::EmptyRow::masked);
  CHECK(masked[1].all().item<bool>());
  const auto unmasked = nn::token_padding_mask(samples, 31, kLayers, nn::EmptyRow::unmasked);
  CHECK_FALSE(unmasked[1].any().item<bool>());
}

TEST_CASE("drawn masks are those of numpy and leave padding alone") {
  SpanMaskOptions options;
  options.min_masks = 2;
  NumpyRandom random(7);
  const auto mask = nn::draw_span_mask(3, 31, {}, options, random);
  CHECK(mask.sum(1).equal(torch::tensor({13, 13, 13})));
  for (const int token : {1, 11, 13, 14}) CHECK(mask[0][token].item<bool>());
  CHECK_FALSE(mask[0][12].item<bool>());
  auto padding = torch::zeros({3, 31}, torch::kBool);
  padding.slice(1, 20).fill_(true);
  const auto beside = nn::draw_span_mask(3, 31, padding, options, random);
  CHECK_FALSE((beside & padding).any().item<bool>());
}

TEST_CASE("positions of masked tokens need equal counts") {
  const auto mask = torch::tensor({{0, 1, 1}, {1, 0, 1}}, torch::kBool);
  CHECK(nn::masked_positions(mask).equal(torch::tensor({{1, 2}, {0, 2}})));
  CHECK_THROWS_AS(nn::masked_positions(torch::tensor({{0, 1}, {1, 1}}, torch::kBool)), Error);
}
