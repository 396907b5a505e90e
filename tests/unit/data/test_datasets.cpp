// AugmentedDataset, SimClrDataset, ThreeKgDataset, CmscDataset, WholeNormalise.
#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/data/augmented.h"
#include "einthoven/data/cmsc_dataset.h"
#include "einthoven/data/normalise.h"
#include "memory_dataset.h"

using namespace einthoven;
using namespace einthoven::data;

namespace {

std::unique_ptr<Dataset> memory(std::size_t items = 4) {
  return std::make_unique<MemoryDataset>(std::vector<std::int64_t>(items, 50));
}

AugmentationOptions emg() {
  AugmentationOptions options;
  options.modes = {"emg_noise"};
  return options;
}

}  // namespace

TEST_CASE("augmentation depends on seed, epoch and sample only") {
  const AugmentedDataset dataset(memory(), emg(), true, 1);
  const AugmentedDataset other_seed(memory(), emg(), true, 2);
  const auto first = dataset.get(2, {1})[0];
  CHECK(first.original->values == memory()->get(2, {})[0].source.values);
  dataset.get(0, {1});
  CHECK(dataset.get(2, {1})[0].source.values == first.source.values);
  CHECK(dataset.get(2, {2})[0].source.values != first.source.values);
  CHECK(other_seed.get(2, {1})[0].source.values != first.source.values);
}

TEST_CASE("SimCLR gives two different views of one signal") {
  const auto item = SimClrDataset(memory(), emg(), 1).get(3, {});
  REQUIRE(item.size() == 2);
  CHECK(item[0].id == 3);
  CHECK(item[1].id == 3);
  CHECK(item[0].source.values != item[1].source.values);
  CHECK(item[0].source.lead(7)[0] == doctest::Approx(item[1].source.lead(7)[0]).epsilon(0.01));
  auto eight = std::make_unique<MemoryDataset>(std::vector<std::int64_t>{10}, 8);
  CHECK_THROWS_AS(SimClrDataset(std::move(eight), emg(), 1).get(0, {}), Error);
}

TEST_CASE("3KG gives two views that keep the patient") {
  const auto item = ThreeKgDataset(memory(), {}, 1).get(3, {});
  REQUIRE(item.size() == 2);
  CHECK(item[0].patient_id == 1);
  CHECK(item[1].patient_id == 1);
  CHECK(item[0].source.values != item[1].source.values);
}

TEST_CASE("CMSC items hold all segments of a row, numbered 0 and 1 in turn") {
  const CmscDataset dataset(memory(8), {{{0, {}}, {1, {}}}, {{2, {}}, {3, {}}}});
  CHECK(dataset.size() == 2);
  CHECK(dataset.length(1) == 50);
  const auto item = dataset.get(1, {});
  REQUIRE(item.size() == 2);
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(item[k].id == 1);
    CHECK(item[k].segment == static_cast<std::int64_t>(k));
    CHECK(item[k].patient_id == 1);
    CHECK(item[k].source.lead(0)[0] == static_cast<float>(1000 * (2 + k)));
  }
  const CmscDataset mixed(memory(8), {{{1, {}}, {2, {}}}});
  CHECK_THROWS_WITH_AS(mixed.get(0, {}), doctest::Contains("different recordings"), Error);
}

TEST_CASE("members of a lead pair have one lead each") {
  const CmscDataset dataset(memory(2), {{{0, 3}, {0, 11}}, {{1, 12}, {1, 0}}});
  const auto item = dataset.get(0, {});
  CHECK(item[0].source.leads == 1);
  CHECK(item[0].source.values[5] == 305);
  CHECK(item[1].source.values[5] == 1105);
  CHECK_THROWS_WITH_AS(dataset.get(1, {}), doctest::Contains("no lead 12"), Error);
}

TEST_CASE("the segments of a pair are augmented on their own") {
  AugmentationOptions options;
  options.modes = {"random_leads_masking"};
  const CmscDataset dataset(std::make_unique<AugmentedDataset>(memory(400), options, false, 1), [] {
    std::vector<std::vector<PairMember>> groups;
    for (std::size_t i = 0; i < 200; ++i) groups.push_back({{2 * i, {}}, {2 * i + 1, {}}});
    return groups;
  }());
  int equal = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    const auto item = dataset.get(i, {});
    for (std::int64_t l = 0; l < 12; ++l)
      equal += (item[0].source.lead(l)[1] == 0) == (item[1].source.lead(l)[1] == 0) ? 1 : 0;
  }
  CHECK(std::abs(equal - 1200) < 4 * std::sqrt(2400 * 0.25));
}

TEST_CASE("whole-signal normalisation gives mean 0 and variance 1 over leads and time") {
  const auto signal = WholeNormalise(memory()).get(1, {})[0].source;
  double squares = 0;
  for (const float v : signal.values) squares += std::pow(static_cast<double>(v), 2);
  CHECK(sum(signal) / 600 == doctest::Approx(0).epsilon(1e-5));
  CHECK(squares / 600 == doctest::Approx(1).epsilon(1e-4));
}
