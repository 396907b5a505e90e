#include <doctest/doctest.h>

#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/metric/cinc2021.h"

namespace einthoven::metric {
namespace {

const char* const kWeights =
    ",1|11,426783006,3\n"
    "11|1,1.0,0.5,0.25\n"
    "426783006,0.5,1.0,0\n"
    "3,0.25,0,1\n";

TEST_CASE("classes with equivalent codes") {
  const CincWeights weights = parse_cinc_weights(kWeights, "w.csv");
  REQUIRE(weights.classes.size() == 3);
  CHECK(weights.class_of("11") == 0);
  CHECK(weights.class_of("1") == 0);
  CHECK(weights.class_of("426783006") == 1);
  CHECK_THROWS_AS(weights.class_of("7"), Error);
  CHECK(weights.credit[2] == 0.25);
}

TEST_CASE("score by hand") {
  const CincWeights weights = parse_cinc_weights(kWeights, "w.csv");
  const std::vector<std::uint8_t> labels = {1, 0, 1, 0, 1, 0};
  const std::vector<std::uint8_t> answers = {1, 1, 0, 0, 0, 0};
  const ChallengeSums sums = challenge_sums(weights, {labels, 2, 3}, {answers, 2, 3});
  // Row 1: 3 classes are named; credits 1, 0.5 of class 1 and 0.25, 0 of class 3.
  CHECK(sums.observed == doctest::Approx((1 + 0.5 + 0.25 + 0) / 3).epsilon(1e-14));
  CHECK(sums.correct == doctest::Approx((1 + 0.25 + 0.25 + 1) / 2 + 1).epsilon(1e-14));
  CHECK(sums.inactive == doctest::Approx((0.5 + 0) / 3 + 1).epsilon(1e-14));
  CHECK(sums.score() ==
        doctest::Approx((sums.observed - sums.inactive) / (sums.correct - sums.inactive)));
}

TEST_CASE("batches add up; nothing to win gives 0") {
  const CincWeights weights = parse_cinc_weights(kWeights, "w.csv");
  const std::vector<std::uint8_t> labels = {1, 0, 1, 0, 1, 0};
  const std::vector<std::uint8_t> answers = {1, 1, 0, 0, 0, 1};
  const std::span<const std::uint8_t> truth(labels), given(answers);
  const ChallengeSums whole = challenge_sums(weights, {truth, 2, 3}, {given, 2, 3});
  ChallengeSums parts;
  for (const std::size_t row : {0U, 1U})
    parts += challenge_sums(weights, {truth.subspan(row * 3, 3), 1, 3},
                            {given.subspan(row * 3, 3), 1, 3});
  CHECK(parts.observed == doctest::Approx(whole.observed).epsilon(1e-14));
  CHECK(parts.score() == doctest::Approx(whole.score()).epsilon(1e-14));
  const Labels sinus{truth.subspan(3, 3), 1, 3};
  CHECK(challenge_sums(weights, sinus, sinus).score() == 0);
}

TEST_CASE("malformed weights are refused") {
  CHECK_THROWS_AS(parse_cinc_weights(",1,2\n1,1,0\n", "w"), Error);
  CHECK_THROWS_AS(parse_cinc_weights(",1,2\n2,1,0\n1,0,1\n", "w"), Error);
  CHECK_THROWS_AS(parse_cinc_weights(",1\n1,x\n", "w"), Error);
  CHECK_THROWS_AS(parse_cinc_weights("\n", "w"), Error);
}

}  // namespace
}  // namespace einthoven::metric
