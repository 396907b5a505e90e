#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/file.h"
#include "einthoven/base/span_mask.h"

using namespace einthoven;

namespace {

using Positions = std::vector<std::int64_t>;

SpanMaskOptions wav2vec() {
  SpanMaskOptions options;
  options.min_masks = 2;
  return options;
}

std::vector<Positions> mask(std::uint64_t seed, std::int64_t rows, std::int64_t tokens,
                            const SpanMaskOptions& options, const Positions& padded = {}) {
  NumpyRandom random(seed);
  return span_mask(rows, tokens, padded, options, random);
}

/// [from, to] one after the other.
Positions ranges(const std::vector<std::pair<std::int64_t, std::int64_t>>& parts) {
  Positions positions;
  for (const auto& [from, to] : parts)
    for (auto i = from; i <= to; ++i) positions.push_back(i);
  return positions;
}

}  // namespace

TEST_CASE("spans fall where the reference's fall") {
  const auto rows = mask(7, 3, 31, wav2vec());
  CHECK(rows[0] == ranges({{1, 11}, {13, 14}}));
  CHECK(rows[1] == ranges({{15, 27}}));
  CHECK(rows[2] == ranges({{2, 4}, {6, 11}, {18, 18}, {22, 22}, {25, 25}, {27, 27}}));
  for (const auto& row : mask(7, 2, 312, wav2vec())) CHECK(row.size() == 146);
}

TEST_CASE("recorded masks, with and without padding") {
  const fs::path file =
      fs::path(EINTHOVEN_SHARED) / "fixtures/data_pipeline/expected/batching_rng.json";
  if (!fs::exists(EINTHOVEN_SHARED)) {
    MESSAGE("skipped: no folder ", EINTHOVEN_SHARED);
    return;
  }
  const auto golden = nlohmann::json::parse(read_file(file)).at("mask_indices");
  CHECK(golden.size() == 3);
  for (const auto& c : golden) {
    const std::int64_t rows = c.at("shape").at(0);
    Positions padded;
    if (!c.at("padded_tail_row1").is_null()) {
      padded.resize(static_cast<std::size_t>(rows));
      padded[1] = c.at("padded_tail_row1");
    }
    CHECK(mask(c.at("seed"), rows, c.at("shape").at(1), wav2vec(), padded) ==
          c.at("true").get<std::vector<Positions>>());
  }
}

TEST_CASE("all kinds of lengths give equal rows inside the valid tokens") {
  for (const auto* type : {"static", "uniform", "normal", "poisson"})
    for (const bool no_overlap : {false, true}) {
      CAPTURE(type);
      CAPTURE(no_overlap);
      auto options = wav2vec();
      options.type = type;
      options.other = 3;
      options.no_overlap = no_overlap;
      options.min_space = 1;
      const auto rows = mask(11, 6, 156, options, {0, 10, 0, 40, 0, 80});
      for (const auto& row : rows) {
        CHECK(row.size() == rows[0].size());
        CHECK(row.size() > 5);
        CHECK(std::is_sorted(row.begin(), row.end()));
        CHECK(std::adjacent_find(row.begin(), row.end()) == row.end());
        CHECK(row.front() >= 0);
      }
      CHECK(rows[5].back() < 76);
    }
}

TEST_CASE("spans that do not overlap keep their space") {
  SpanMaskOptions options;
  options.no_overlap = true;
  options.length = 5;
  options.min_space = 2;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto row = mask(seed, 1, 200, options)[0];
    REQUIRE(row.size() % 5 == 0);
    REQUIRE(row.size() >= 50);
    for (std::size_t i = 5; i < row.size(); i += 5) REQUIRE(row[i] - row[i - 1] > 1);
  }
}

TEST_CASE("short rows and wrong options") {
  CHECK(mask(1, 2, 0, wav2vec())[0].empty());
  CHECK(mask(1, 1, 3, wav2vec())[0].size() >= 1);
  auto options = wav2vec();
  options.type = "statik";
  CHECK_THROWS_WITH_AS(mask(1, 1, 30, options), doctest::Contains("statik"), Error);
  options = wav2vec();
  options.length = 0;
  CHECK_THROWS_AS(mask(1, 1, 30, options), Error);
}
