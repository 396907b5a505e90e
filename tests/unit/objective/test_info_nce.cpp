#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>

#include "einthoven/objective/info_nce.h"

using namespace einthoven;

TEST_CASE("cross entropy against the distractors, and the tokens that are right") {
  // Token 0: target best; token 1: a distractor is better; token 2: all equal (does not count).
  const auto logits = torch::tensor({{{2.F, 0.F, 1.F}}, {{0.F, 1.F, 1.F}}});
  const auto result = objective::info_nce(logits);
  const double expected = std::log(1 + std::exp(-2)) + std::log(1 + std::exp(1)) + std::log(2);
  CHECK(result.loss.item<double>() == doctest::Approx(expected).epsilon(1e-6));
  CHECK(result.count == 3);
  CHECK(result.correct.item<std::int64_t>() == 1);
}

TEST_CASE("distractors at minus infinity take no part, and the gradient stays finite") {
  auto logits = torch::zeros({3, 1, 2}, torch::requires_grad());
  const auto masked =
      logits.masked_fill(torch::tensor({{{0, 0}}, {{1, 0}}, {{0, 0}}}, torch::kBool),
                         -std::numeric_limits<float>::infinity());
  const auto loss = objective::info_nce(masked).loss;
  CHECK(loss.item<double>() == doctest::Approx(std::log(2) + std::log(3)).epsilon(1e-6));
  loss.backward();
  CHECK(logits.grad().isfinite().all().item<bool>());
}

TEST_CASE("unused codebooks are penalised") {
  CHECK(objective::diversity_penalty(torch::tensor(160.F), 640).item<double>() ==
        doctest::Approx(0.75));
}
