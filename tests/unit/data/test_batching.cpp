#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>

#include "einthoven/base/error.h"
#include "einthoven/base/file.h"
#include "einthoven/data/batching.h"

using namespace einthoven;
using namespace einthoven::data;

namespace {

std::vector<std::int64_t> sizes_of(const std::vector<BatchIndices>& batches) {
  std::vector<std::int64_t> sizes;
  for (const auto& batch : batches) sizes.push_back(static_cast<std::int64_t>(batch.size()));
  return sizes;
}

std::vector<BatchIndices> batches_of(const std::vector<std::int64_t>& tokens,
                                     const BatchLimits& limits) {
  std::vector<std::int64_t> order(tokens.size());
  std::iota(order.begin(), order.end(), 0);
  return batch_by_size(order, tokens, limits);
}

std::vector<std::int64_t> sizes(std::size_t items, const BatchLimits& limits,
                                std::int64_t tokens = 2500) {
  return sizes_of(batches_of(std::vector<std::int64_t>(items, tokens), limits));
}

using Sizes = std::vector<std::int64_t>;

std::optional<std::int64_t> optional_int(const nlohmann::json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<std::int64_t>();
}

}  // namespace

TEST_CASE("batches are cut as the reference cuts them") {
  CHECK(sizes(50, {{}, 20, 8}) == Sizes{16, 16, 16, 2});
  CHECK(sizes(150, {{}, 64, 8}) == Sizes{64, 64, 16, 6});
  CHECK(sizes(10, {{}, 4, 8}) == Sizes{4, 4, 2});
  CHECK(sizes(25, {{}, 10, 8}) == Sizes{8, 8, 8, 1});
  CHECK(sizes(25, {{}, 16, 1}) == Sizes{16, 9});
  CHECK(sizes(33, {100, {}, 8}, 10) == Sizes{8, 8, 8, 8, 1});
  CHECK(sizes(14, {{}, 10, 1}) == Sizes{10, 4});
  CHECK(sizes(0, {{}, 10, 1}).empty());
}

TEST_CASE("a signal longer than max_tokens is refused") {
  CHECK_THROWS_WITH_AS(sizes(3, {2000, {}, 8}), doctest::Contains("max_tokens"), Error);
}

TEST_CASE("order and batches equal the recorded ones") {
  const fs::path file =
      fs::path(EINTHOVEN_SHARED) / "fixtures/data_pipeline/expected/batching_rng.json";
  if (!fs::exists(EINTHOVEN_SHARED)) {
    MESSAGE("skipped: no folder ", EINTHOVEN_SHARED);
    return;
  }
  const auto golden = nlohmann::json::parse(read_file(file));
  for (const auto& c : golden.at("ordered_indices")) {
    const auto lengths = c.at("sizes").get<Sizes>();
    CHECK(ordered_indices(lengths, optional_int(c.at("max_sample_size")), c.at("seed"), true) ==
          c.at("order").get<Sizes>());
  }
  CHECK(golden.at("batch_by_size").size() == 12);
  for (const auto& c : golden.at("batch_by_size")) {
    const auto tokens = c.at("tokens").get<Sizes>();
    const auto batches = batches_of(tokens, {optional_int(c.at("max_tokens")),
                                             optional_int(c.at("max_signals")), c.at("multiple")});
    CHECK(sizes_of(batches) == c.at("sizes").get<Sizes>());
    std::int64_t next = 0;
    for (const auto& batch : batches)
      for (const auto item : batch) CHECK(item == next++);
    CHECK(next == static_cast<std::int64_t>(tokens.size()));
  }
}

TEST_CASE("without shuffling items keep their order") {
  CHECK(ordered_indices(Sizes{5, 9, 7}, {}, 1, false) == Sizes{0, 1, 2});
  CHECK(ordered_indices(Sizes{2500, 5000, 2500, 3667, 5000, 2500, 1250}, {}, 1, true) ==
        Sizes{4, 1, 3, 0, 5, 2, 6});
}
