#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/model/wav2vec2/negatives.h"

using namespace einthoven;

TEST_CASE("distractors come from the right rows and never are the token itself") {
  torch::manual_seed(1);
  const auto rows = model::draw_masked_negatives(3, 5, 40, 60);
  CHECK(rows.sizes() == at::IntArrayRef({3, 5, 100}));
  const auto own = torch::arange(15).view({3, 5, 1});
  CHECK_FALSE(rows.eq(own).any().item<bool>());
  const auto within = rows.narrow(2, 0, 40).div(5, "floor");
  CHECK(within.eq(torch::arange(3).view({3, 1, 1})).all().item<bool>());
  const auto across = rows.narrow(2, 40, 60);
  CHECK(across.min().item<std::int64_t>() == 0);
  CHECK(across.max().item<std::int64_t>() == 14);
}

TEST_CASE("the legacy rule keeps distractors only from the token's position in the first row") {
  torch::manual_seed(1);
  const auto rows = model::draw_masked_negatives(3, 5, 0, 400, model::CrossSample::legacy);
  const auto column = torch::arange(5).view({1, 5, 1});
  CHECK_FALSE(rows.eq(column).any().item<bool>());
  const auto own = torch::arange(15).view({3, 5, 1});
  CHECK(rows.eq(own).any(2).slice(0, 1).all().item<bool>());
}

TEST_CASE("distractors from everywhere avoid the token itself and padding") {
  torch::manual_seed(1);
  const auto positions = torch::tensor({{0, 4}, {1, 3}}, torch::kLong);
  const auto valid = torch::tensor({10, 4}, torch::kLong);
  const auto rows = model::draw_negatives_from_everywhere(positions, valid, 10, 50, 50);
  const auto own = (positions + torch::tensor({{0}, {10}}, torch::kLong)).unsqueeze(2);
  CHECK_FALSE(rows.eq(own).any().item<bool>());
  const auto second = rows.narrow(2, 0, 50)[1];
  CHECK(second.min().item<std::int64_t>() == 10);
  CHECK(second.max().item<std::int64_t>() == 13);
  const auto across = rows.narrow(2, 50, 50);
  CHECK(across.max().item<std::int64_t>() == 13);
}

TEST_CASE("a single masked token has nothing to contrast with") {
  CHECK_THROWS_AS(model::draw_masked_negatives(1, 1, 5, 0), Error);
}
