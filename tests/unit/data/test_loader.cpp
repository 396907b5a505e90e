#include <ATen/ops/equal.h>
#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/data/augmented.h"
#include "einthoven/data/loader.h"
#include "memory_dataset.h"

using namespace einthoven;
using namespace einthoven::data;

namespace {

AugmentedDataset noisy(std::size_t items) {
  AugmentationOptions options;
  options.modes = {"random_leads_masking", "emg_noise"};
  return {std::make_unique<MemoryDataset>(std::vector<std::int64_t>(items, 30)), options, false, 5};
}

std::vector<BatchIndices> batches_of(std::int64_t items, std::int64_t size) {
  std::vector<BatchIndices> batches;
  for (std::int64_t i = 0; i < items; ++i) {
    if (i % size == 0) batches.emplace_back();
    batches.back().push_back(i);
  }
  return batches;
}

std::vector<at::Tensor> sources(const Dataset& dataset, std::int64_t epoch, int workers) {
  CollateOptions collate;
  collate.max_sample_size = 20;
  Loader loader(dataset, collate, batches_of(100, 7), {epoch}, {workers, 3});
  CHECK(loader.size() == 15);
  std::vector<at::Tensor> result;
  while (auto batch = loader.next()) result.push_back(batch->source);
  return result;
}

}  // namespace

TEST_CASE("any number of workers gives the same batches in the same order") {
  const auto dataset = noisy(100);
  const auto expected = sources(dataset, 1, 0);
  REQUIRE(expected.size() == 15);
  for (const int workers : {1, 2, 5}) {
    const auto found = sources(dataset, 1, workers);
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(at::equal(found[i], expected[i]));
  }
  CHECK_FALSE(at::equal(sources(dataset, 2, 2)[0], expected[0]));
}

TEST_CASE("groups are consecutive batches, the last may be short") {
  const MemoryDataset dataset(std::vector<std::int64_t>(10, 4));
  Loader loader(dataset, {}, batches_of(10, 2), {}, {2, 2});
  CHECK(loader.next_group(2).size() == 2);
  const auto second = loader.next_group(2);
  CHECK(second.front().id.const_data_ptr<std::int64_t>()[0] == 4);
  CHECK(loader.next_group(2).size() == 1);
  CHECK(loader.next_group(2).empty());
}

TEST_CASE("an empty index list is an empty batch") {
  const MemoryDataset dataset({4, 4});
  for (const int workers : {0, 2}) {
    Loader loader(dataset, {}, {{0}, {}, {1}}, {}, {workers, 10});
    CHECK_FALSE(loader.next()->empty());
    CHECK(loader.next()->empty());
    CHECK_FALSE(loader.next()->empty());
    CHECK_FALSE(loader.next().has_value());
  }
}

TEST_CASE("a fault travels to the consumer, at its place") {
  MemoryDataset dataset(std::vector<std::int64_t>(20, 4));
  dataset.broken = 5;
  for (const int workers : {0, 3}) {
    Loader loader(dataset, {}, batches_of(20, 2), {}, {workers, 4});
    CHECK(loader.next().has_value());
    CHECK(loader.next().has_value());
    CHECK_THROWS_WITH_AS(loader.next(), doctest::Contains("is broken"), Error);
    CHECK(loader.next()->id.const_data_ptr<std::int64_t>()[0] == 6);
  }
}

TEST_CASE("a loader can be left in the middle") {
  const auto dataset = noisy(400);
  for (int i = 0; i < 20; ++i) {
    Loader loader(dataset, {}, batches_of(400, 5), {}, {3, 2});
    if (i % 2 == 0) CHECK(loader.next().has_value());
  }
}
