#include <doctest/doctest.h>

#include "../model/deterministic_fill.h"
#include "einthoven/objective/binary_cross_entropy.h"

using namespace einthoven;

TEST_CASE("loss and counters agree with the golden values") {
  const auto logits = 3 * test::filled({6, 5});
  const auto target = test::filled({6, 5}, 1000002).gt(0).to(torch::kFloat);
  CHECK(objective::binary_cross_entropy(logits, target, {}).item<double>() ==
        doctest::Approx(30.832645).epsilon(1e-6));
  objective::BinaryCrossEntropyOptions weighted;
  weighted.pos_weight_K = torch::tensor({1.F, 2.F, 0.5F, 1.F, 3.F});
  CHECK(objective::binary_cross_entropy(logits, target, weighted).item<double>() ==
        doctest::Approx(31.578037).epsilon(1e-6));
  const auto counts = objective::count_labels(logits.gt(0), target);
  CHECK(counts.true_positive.item<std::int64_t>() == 9);
  CHECK(counts.false_positive.item<std::int64_t>() == 8);
  CHECK(counts.false_negative.item<std::int64_t>() == 7);
  CHECK(counts.correct.item<std::int64_t>() == 15);
  CHECK(counts.em_correct.item<std::int64_t>() == 1);
}
