#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/data/three_kg.h"
#include "memory_dataset.h"

using namespace einthoven;
using namespace einthoven::data;

namespace {

std::array<Signal, 2> views(const Signal& signal, const ThreeKgOptions& options, int seed = 9) {
  NumpyRandom random(static_cast<std::uint64_t>(seed));
  DrawsFrom draws(random);
  return three_kg_views(signal, options, draws);
}

}  // namespace

TEST_CASE("3KG views have the reference's sums") {
  const auto both = views(filled_signal(12, 300), {45, 1.5, 0.5});
  CHECK(sum(both[0]) == doctest::Approx(47.152662).epsilon(1e-5));
  CHECK(sum(both[1]) == doctest::Approx(46.689004).epsilon(1e-5));
}

TEST_CASE("without change a view is the projection onto the heart vector") {
  const auto first = views(filled_signal(12, 40), {0, 0, 0})[0];
  // Projecting again changes nothing any more.
  const auto again = views(first, {0, 0, 0})[1];
  for (std::size_t i = 0; i < first.values.size(); ++i)
    CHECK(again.values[i] == doctest::Approx(first.values[i]).epsilon(1e-4));
}

TEST_CASE("views keep the limb leads consistent and each lead loses its share of samples") {
  const auto both = views(filled_signal(12, 200), {45, 1.5, 0});
  for (const auto& view : both)
    for (std::size_t t = 0; t < 200; ++t)
      CHECK(view.lead(2)[t] == doctest::Approx(view.lead(1)[t] - view.lead(0)[t]).epsilon(1e-6));
  for (const auto& view : views(filled_signal(12, 201), {45, 1.5, 0.3}))
    for (std::int64_t l = 0; l < 12; ++l) {
      const auto lead = view.lead(l);
      CHECK(std::count(lead.begin(), lead.end(), 0.0f) == 60);
      int edges = 0;  // of the window, counted round the end
      for (std::size_t t = 0; t < 201; ++t)
        edges += (lead[t] == 0) != (lead[(t + 1) % 201] == 0) ? 1 : 0;
      CHECK(edges == 2);
    }
}

TEST_CASE("3KG needs 12 leads") {
  CHECK_THROWS_WITH_AS(views(filled_signal(8, 10), {}), doctest::Contains("12 leads"), Error);
}
