#include <ATen/ops/equal.h>
#include <doctest/doctest.h>

#include <set>

#include "einthoven/base/error.h"
#include "einthoven/data/collate.h"
#include "memory_dataset.h"

using namespace einthoven;
using namespace einthoven::data;

namespace {

std::vector<Item> items_of(const Dataset& dataset) {
  std::vector<Item> items;
  for (std::size_t i = 0; i < dataset.size(); ++i) items.push_back(dataset.get(i, {}));
  return items;
}

CollateOptions padded(std::optional<std::int64_t> max_sample_size = {}) {
  CollateOptions options;
  options.pad = true;
  options.max_sample_size = max_sample_size;
  return options;
}

float at3(const at::Tensor& tensor, std::int64_t b, std::int64_t l, std::int64_t t) {
  return tensor.const_data_ptr<float>()[(b * tensor.size(1) + l) * tensor.size(2) + t];
}

using Shape = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("shorter signals get zeros and a padding mask over all leads") {
  const MemoryDataset dataset({2500, 3667, 1250});
  const Batch batch = collate(items_of(dataset), padded(), {});
  CHECK(batch.source.sizes() == Shape{3, 12, 3667});
  CHECK(batch.padding_mask.sizes() == Shape{3, 12, 3667});
  CHECK(batch.padding_mask.dtype() == at::kBool);
  const auto* mask = batch.padding_mask.const_data_ptr<bool>();
  for (std::int64_t b = 0; b < 3; ++b)
    for (std::int64_t l = 0; l < 12; ++l)
      for (std::int64_t t = 0; t < 3667; ++t) {
        const bool padding = t >= dataset.length(static_cast<std::size_t>(b));
        REQUIRE(*mask++ == padding);
        REQUIRE(at3(batch.source, b, l, t) ==
                (padding ? 0.0f : static_cast<float>(1000 * b + 100 * l + t)));
      }
  CHECK(batch.id.const_data_ptr<std::int64_t>()[2] == 2);
  CHECK_FALSE(batch.label.defined());
  CHECK_FALSE(batch.segment.defined());
}

TEST_CASE("without padding all are cropped to the shortest, and there is no mask") {
  const MemoryDataset dataset({2500, 3667, 1250}, 2);
  const Batch batch = collate(items_of(dataset), {}, {});
  CHECK(batch.source.sizes() == Shape{3, 2, 1250});
  CHECK_FALSE(batch.padding_mask.defined());
  // Every lead is cropped at the same place, and the samples stay together.
  for (std::int64_t b = 0; b < 3; ++b) {
    const float first = at3(batch.source, b, 0, 0);
    CHECK(at3(batch.source, b, 1, 0) == first + 100);
    CHECK(at3(batch.source, b, 0, 1249) == first + 1249);
  }
}

TEST_CASE("crops are uniform, inclusive at both ends, and repeatable") {
  const MemoryDataset dataset({12}, 1);
  std::set<float> starts;
  for (std::int64_t epoch = 1; epoch <= 200; ++epoch) {
    const Batch batch = collate(items_of(dataset), padded(10), {epoch});
    CHECK(batch.source.size(2) == 10);
    starts.insert(at3(batch.source, 0, 0, 0));
    CHECK(at::equal(batch.source, collate(items_of(dataset), padded(10), {epoch}).source));
  }
  CHECK(starts == std::set<float>{0, 1, 2});
}

TEST_CASE("both segments of a pair are cropped") {
  Item pair = {MemoryDataset({12, 12}, 1).get(0, {}).front(),
               MemoryDataset({12, 12}, 1).get(1, {}).front()};
  const Batch batch = collate({pair}, padded(10), {});
  REQUIRE(batch.source.sizes() == Shape{2, 1, 10});
  for (std::int64_t b = 0; b < 2; ++b) {
    const float first = at3(batch.source, b, 0, 0) - static_cast<float>(1000 * b);
    CHECK((first == 0 || first == 1 || first == 2));
    for (std::int64_t t = 1; t < 10; ++t)
      CHECK(at3(batch.source, b, 0, t) == at3(batch.source, b, 0, 0) + static_cast<float>(t));
  }
}

TEST_CASE("no items give an empty batch, mismatched ones an error") {
  CHECK(collate({}, padded(), {}).empty());
  auto items = items_of(MemoryDataset({10, 10}));
  items[1] = MemoryDataset({10}, 8).get(0, {});
  CHECK_THROWS_WITH_AS(collate(items, padded(), {}), doctest::Contains("leads"), Error);
}

TEST_CASE("labels of some heads are listed one after the other") {
  std::vector<Item> items = {{Sample()}, {Sample()}};
  for (Item& item : items) item[0].source = Signal(1, 4);
  items[0][0].label = {1};
  items[0][0].target_idx = items[0][0].attribute_id = {5};
  items[1][0].label = {0, 1, 1};
  items[1][0].target_idx = items[1][0].attribute_id = {2, 5, 0};
  const Batch batch = collate(items, {}, {});
  const auto numbers = [](const at::Tensor& tensor) {
    const auto* begin = tensor.const_data_ptr<std::int64_t>();
    return std::vector<std::int64_t>(begin, begin + tensor.numel());
  };
  CHECK(numbers(batch.target_row) == std::vector<std::int64_t>{0, 1, 1, 1});
  CHECK(numbers(batch.target_idx) == std::vector<std::int64_t>{5, 2, 5, 0});
  CHECK(numbers(batch.attribute_id) == numbers(batch.target_idx));
  CHECK(batch.label.sizes() == Shape{4});
  CHECK(batch.label.const_data_ptr<float>()[1] == 0);
  items[1][0].target_idx.clear();
  CHECK_THROWS_AS(collate(items, {}, {}), Error);
}

TEST_CASE("labels are stacked; an identity is the label of its task") {
  auto items = items_of(MemoryDataset({4, 4}));
  items[0][0].label = {0, 1, 0};
  items[1][0].label = {1, 0, 1};
  CHECK(collate(items, {}, {}).label.sizes() == Shape{2, 3});
  items[1][0].label = {1};
  CHECK_THROWS_WITH_AS(collate(items, {}, {}), doctest::Contains("classes"), Error);
  items[0][0].identity = 7;
  items[1][0].identity = 9;
  const Batch batch = collate(items, {}, {});
  CHECK(batch.label.sizes() == Shape{2});
  CHECK(batch.label.const_data_ptr<std::int64_t>()[1] == 9);
}

TEST_CASE("buckets are lower percentiles, and batches are padded up to one") {
  CHECK(bucket_sizes({10, 20, 30, 40, 50}, 2) == Shape{30, 50});
  CHECK(bucket_sizes({5, 5, 5, 9}, 4) == Shape{5, 9});
  CollateOptions options = padded();
  options.bucket_sizes = {8, 16};
  CHECK(collate(items_of(MemoryDataset({3, 9})), options, {}).source.size(2) == 16);
  CHECK(collate(items_of(MemoryDataset({3, 8})), options, {}).source.size(2) == 8);
}

TEST_CASE("precomputed masks fit the tokens and leave out padding") {
  CollateOptions options = padded();
  options.masks = PrecomputedMasks{{}, {{2, 2}, {2, 2}, {2, 2}, {2, 2}}};
  CHECK(conv_length(2500, options.masks->conv_layers) == 156);
  CHECK(conv_length(5000, options.masks->conv_layers) == 312);
  CHECK(conv_length(1, options.masks->conv_layers) == 0);
  const Batch batch = collate(items_of(MemoryDataset({2500, 1000})), options, {});
  CHECK(batch.mask_indices.sizes() == Shape{2, 156});
  const auto* mask = batch.mask_indices.const_data_ptr<bool>();
  const auto masked = std::count(mask, mask + 156, true);
  CHECK(masked > 10);
  CHECK(std::count(mask + 156, mask + 312, true) == masked);
  CHECK(std::count(mask + 156 + 62, mask + 312, true) == 0);
}
