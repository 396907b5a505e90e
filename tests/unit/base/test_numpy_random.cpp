#include <doctest/doctest.h>

#include "einthoven/base/numpy_random.h"

using namespace einthoven;

// Goldens of numpy.random (legacy) and random.Random.
TEST_CASE("uniform doubles of seed 5") {
  NumpyRandom random(5);
  CHECK(random.uniform() == .22199317108973948);
  CHECK(random.uniform() == .8707323061773764);
}

TEST_CASE("choice without replacement continues the stream of seed 5") {
  NumpyRandom random(5);
  random.uniform();
  random.uniform();
  CHECK(random.choice(40, 6) == std::vector<std::int64_t>{28, 23, 25, 3, 24, 6});
}

TEST_CASE("epoch shuffle of seed 1 + epoch 1") {
  NumpyRandom random(2);
  CHECK(random.permutation(20) == std::vector<std::int64_t>{12, 4,  18, 0, 9,  5, 3,  10, 1,  17,
                                                            7,  16, 14, 2, 11, 6, 19, 13, 15, 8});
}

TEST_CASE("normal values of seed 0") {
  NumpyRandom random(0);
  CHECK(random.normal() == doctest::Approx(1.764052345967664).epsilon(1e-15));
  CHECK(random.normal() == doctest::Approx(0.4001572083672233).epsilon(1e-15));
}

TEST_CASE("Poisson counts of seed 3 below and above the change of method at 10") {
  const auto counts = [](double lambda) {
    NumpyRandom random(3);
    std::vector<std::int64_t> drawn(8);
    for (auto& each : drawn) each = random.poisson(lambda);
    return std::make_pair(drawn, random.uniform());
  };
  using Counts = std::vector<std::int64_t>;
  CHECK(counts(4).first == Counts{6, 1, 1, 5, 3, 5, 7, 3});
  CHECK(counts(10).first == Counts{10, 8, 6, 11, 12, 7, 8, 9});
  CHECK(counts(10).second == 0.5446490180318447);
  CHECK(counts(25.5).first == Counts{26, 22, 19, 14, 28, 28, 22, 22});
  CHECK(counts(300).first == Counts{302, 289, 325, 277, 262, 307, 309, 287});
  CHECK(counts(300).second == 0.28352508177131874);
}

TEST_CASE("Python's random.Random(42)") {
  PythonRandom random(42);
  CHECK(random.random() == 0.6394267984578837);
  PythonRandom shuffled(42);
  std::vector<int> items = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  shuffled.shuffle(std::span(items));
  CHECK(items == std::vector<int>{7, 3, 2, 8, 5, 6, 9, 4, 0, 1});
}

TEST_CASE("Python's random.sample of a pool and of a set") {
  using Numbers = std::vector<std::size_t>;
  PythonRandom random(42);
  CHECK(random.sample(10, 4) == Numbers{1, 0, 4, 9});
  CHECK(random.sample(1000, 6) == Numbers{228, 142, 754, 104, 692, 758});
  CHECK(random.sample(500, 3) == Numbers{456, 279, 44});
  CHECK(random.sample(3, 0).empty());
}
