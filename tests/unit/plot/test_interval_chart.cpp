#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/plot/interval_chart.h"
#include "picture.h"

using namespace einthoven;
using namespace einthoven::plot;

TEST_CASE("interval chart: whiskers are as long as the intervals") {
  IntervalChart chart;
  chart.labels = {"NORM", "MI"};
  chart.groups = {{"pretrained", {{0.9, 0.88, 0.92}, {0.8, 0.7, 0.9}}},
                  {"scratch", {{0.85, 0.8, 0.9}, {NAN, NAN, NAN}}}};
  const auto strokes =
      svg_paths(draw_interval_chart(chart, PictureFormat::svg), "stroke-width:0.4;");
  REQUIRE(strokes.size() == 9);  // three intervals, each with two end marks
  const auto length = [&](std::size_t i) { return strokes[i][1].first - strokes[i][0].first; };
  CHECK(length(3) / length(0) == doctest::Approx(0.1 / 0.04).epsilon(1e-3));
  CHECK(length(6) / length(0) == doctest::Approx(0.2 / 0.04).epsilon(1e-3));
  chart.groups[0].estimates.pop_back();
  CHECK_THROWS_WITH_AS(draw_interval_chart(chart, PictureFormat::svg),
                       doctest::Contains("pretrained"), Error);
}
