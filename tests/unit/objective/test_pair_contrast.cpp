#include <doctest/doctest.h>

#include "../model/deterministic_fill.h"
#include "einthoven/base/error.h"
#include "einthoven/objective/pair_contrast.h"

using namespace einthoven;

namespace {

at::Tensor ids(std::vector<std::int64_t> values) { return torch::tensor(values, torch::kLong); }

const auto kHalves = std::vector<std::int64_t>{0, 1, 0, 1, 0, 1};

}  // namespace

TEST_CASE("losses agree with the golden values") {
  const auto z = test::filled({6, 16}, 1000003);
  CHECK(objective::simclr(z, {}).loss.item<double>() == doctest::Approx(22.762352).epsilon(1e-5));
  CHECK(objective::three_kg(z, ids({1, 1, 2, 2, 3, 3}), {}).loss.item<double>() ==
        doctest::Approx(22.762352).epsilon(1e-5));
  CHECK(objective::three_kg(z, ids({1, 1, 1, 1, 3, 3}), {}).loss.item<double>() ==
        doctest::Approx(10.131617).epsilon(1e-5));
  CHECK(objective::cmsc(z, ids({1, 1, 2, 2, 3, 3}), ids(kHalves), {}).loss.item<double>() ==
        doctest::Approx(3.416394).epsilon(1e-5));
  CHECK(objective::cmsc(z, ids({1, 1, 1, 1, 3, 3}), ids(kHalves), {}).loss.item<double>() ==
        doctest::Approx(2.069002).epsilon(1e-5));
}

TEST_CASE("positive pairs are counted") {
  const auto z = test::filled({6, 16});
  CHECK(objective::cmsc(z, ids({1, 1, 1, 1, 3, 3}), ids(kHalves), {}).pairs == 5);
  CHECK(objective::three_kg(z, ids({1, 1, 1, 1, 3, 3}), {}).pairs == 14);
}

TEST_CASE("batches without a pair are refused") {
  const auto z = test::filled({2, 4});
  CHECK_THROWS_AS(objective::cmsc(z, ids({1, 2}), ids({0, 1}), {}), Error);
  CHECK_THROWS_AS(objective::simclr(test::filled({3, 4}), {}), Error);
}
