#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/model/wav2vec2/contrast.h"
#include "einthoven/model/wav2vec2/negatives.h"

using namespace einthoven;

TEST_CASE("logits are the cosines that a plain computation gives") {
  torch::manual_seed(2);
  const auto x = torch::randn({3, 6, 8}), y = torch::randn({3, 6, 8});
  for (const std::int64_t across : {0, 4}) {
    model::Distractors distractors;
    distractors.candidates_BKF = y;
    distractors.rows_BMn = model::draw_masked_negatives(3, 6, 5, across);
    distractors.within_row = across == 0;
    distractors.extra_nBMF = torch::randn({2, 3, 6, 8});
    const auto logits = model::contrast_logits(x, y, distractors, {}, 0.1);
    const auto gathered = y.flatten(0, 1)
                              .index_select(0, distractors.rows_BMn.flatten())
                              .view({3, 6, 5 + across, 8})
                              .permute({2, 0, 1, 3});
    const auto all = torch::cat({y.unsqueeze(0), gathered, distractors.extra_nBMF});
    const auto expected = torch::cosine_similarity(x.unsqueeze(0), all, -1, 1e-8) / 0.1;
    CHECK(torch::allclose(logits, expected, 1e-5, 1e-5));
  }
}

TEST_CASE("distractors equal to the target get minus infinity, the target never") {
  const auto x = torch::randn({1, 2, 4});
  model::Distractors distractors;
  distractors.candidates_BKF = x;
  distractors.rows_BMn = torch::tensor({{{1}, {0}}}, torch::kLong);
  const auto equal = torch::tensor({{{1, 0}}}, torch::kBool);
  const auto logits = model::contrast_logits(x, x, distractors, equal, 1);
  CHECK(std::isinf(logits[1][0][0].item<float>()));
  CHECK(std::isfinite(logits[1][0][1].item<float>()));
  CHECK(logits[0].isfinite().all().item<bool>());
}

TEST_CASE("equal rows, and only those, have equal identities") {
  const auto rows = torch::tensor({{1.F, 2.F}, {2.F, 1.F}, {1.F, 2.F}});
  const auto identities = model::row_identities(rows);
  CHECK(identities[0].item<std::int64_t>() == identities[2].item<std::int64_t>());
  CHECK(identities[0].item<std::int64_t>() != identities[1].item<std::int64_t>());
}
