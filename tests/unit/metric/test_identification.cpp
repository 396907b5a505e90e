#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "einthoven/metric/identification.h"

namespace einthoven::metric {
namespace {

TEST_CASE("ranks of the best match") {
  const std::vector<float> gallery = {1, 0, 0, 1, 0.6F, 0.8F, 1, 0};
  const std::vector<std::int64_t> subjects = {10, 20, 30, 40};
  const std::vector<float> probes = {1, 0, 1, 0, 0, 1, 0, 1, 1, 0};
  const std::vector<std::int64_t> wanted = {10, 40, 30, 99, 30};
  const auto ranks = match_ranks({{gallery, 4, 2}, subjects}, {{probes, 5, 2}, wanted}, 2);
  // Equal similarity (subjects 10 and 40) keeps the order of the gallery.
  CHECK(ranks == std::vector<std::size_t>{1, 2, 2, 0, 3});
  CHECK(rank_accuracy(ranks, 1) == doctest::Approx(0.2));
  CHECK(rank_accuracy(ranks, 2) == doctest::Approx(0.6));
  CHECK(rank_accuracy(ranks, 10) == doctest::Approx(0.8));
  CHECK(std::isnan(rank_accuracy({}, 1)));
}

TEST_CASE("the best of several recordings of a subject counts") {
  const std::vector<float> gallery = {0.1F, 0.9F, 0.5F};
  const std::vector<std::int64_t> subjects = {1, 1, 2};
  const std::vector<float> probe = {1};
  const std::vector<std::int64_t> wanted = {1};
  CHECK(match_ranks({{gallery, 3, 1}, subjects}, {{probe, 1, 1}, wanted}, 1)[0] == 1);
}

}  // namespace
}  // namespace einthoven::metric
