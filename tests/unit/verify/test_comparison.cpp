#include <doctest/doctest.h>
#include <torch/torch.h>

#include <limits>

#include "einthoven/verify/comparison.h"

using namespace einthoven;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("errors are relative to the largest magnitude, but at least to the floor") {
  const auto expected = torch::tensor({100.F, 0.F});
  const auto near = verify::compare("x", expected + 5e-4, expected, {1e-5, 1});
  CHECK(near.ok);
  CHECK(near.max_abs == doctest::Approx(5e-4).epsilon(0.01));
  CHECK(near.max_rel == doctest::Approx(5e-6).epsilon(0.01));
  CHECK_FALSE(verify::compare("x", expected + 2e-3, expected, {1e-5, 1}).ok);
  const auto small = torch::tensor({1e-3F});
  CHECK(verify::compare("x", small + 5e-6, small, {1e-5, 1}).ok);
  CHECK_FALSE(verify::compare("x", small + 5e-6, small, {1e-5, 0}).ok);
}

TEST_CASE("integers and booleans must be equal") {
  const auto counts = torch::tensor({1000000, 2}, torch::kLong);
  CHECK(verify::compare("n", counts, counts, {}).ok);
  CHECK_FALSE(verify::compare("n", counts + 1, counts, {}).ok);
  const auto mask = torch::tensor({1, 0}, torch::kBool);
  CHECK_FALSE(verify::compare("m", mask.logical_not(), mask, {}).ok);
}

TEST_CASE("infinities must stand at the same places with the same sign") {
  const auto expected = torch::tensor({-kInfinity, 1.F});
  CHECK(verify::compare("x", expected, expected, {}).ok);
  CHECK_FALSE(verify::compare("x", torch::tensor({1.F, 1.F}), expected, {}).ok);
  CHECK_FALSE(verify::compare("x", torch::tensor({kInfinity, 1.F}), expected, {}).ok);
  const auto nan = torch::tensor({std::numeric_limits<float>::quiet_NaN()});
  CHECK(verify::compare("x", nan, nan, {}).ok);
}

TEST_CASE("a count may be off by what is undecided") {
  const auto ours = torch::tensor({7.F}), theirs = torch::tensor({9.F});
  CHECK_FALSE(verify::compare("correct", ours, theirs, {1e-5, 1, 1}).ok);
  CHECK(verify::compare("correct", ours, theirs, {1e-5, 1, 2}).ok);
}

TEST_CASE("shapes must agree, except of single numbers") {
  CHECK_FALSE(verify::compare("x", torch::zeros({2, 3}), torch::zeros({3, 2}), {}).ok);
  CHECK(verify::compare("x", torch::tensor(2.F), torch::tensor({2.F}), {}).ok);
}

TEST_CASE("only the meaningful part is compared") {
  const auto where = torch::tensor({1, 0}, torch::kBool);
  const auto ours = torch::tensor({1.F, 9.F}), theirs = torch::tensor({1.F, 2.F});
  CHECK(verify::compare("x", ours, theirs, {}, where).ok);
  CHECK_FALSE(verify::compare("x", ours, theirs, {}).ok);
}

TEST_CASE("what was not computed is a failure with its reason") {
  const auto missing = verify::not_computed("out_x", "unknown model");
  CHECK_FALSE(missing.ok);
  CHECK(missing.problem.find("unknown model") != std::string::npos);
}
