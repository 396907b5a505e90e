#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/plot/line_chart.h"
#include "picture.h"

using namespace einthoven;
using namespace einthoven::plot;

namespace {

LineChart losses() {
  LineChart chart;
  chart.title = "Loss";
  chart.x_label = "epoch";
  chart.y_label = "loss";
  chart.series = {{"train", {1, 2, 3, 4}, {8, 4, 2, 1}}, {"valid", {1, 2, 3, 4}, {9, 6, 4, 4.5}}};
  chart.series[1].dashed = true;
  return chart;
}

const std::string kLine = "stroke-width:0.45;";

}  // namespace

TEST_CASE("line chart: points are linear in both axes") {
  const auto paths = svg_paths(draw_line_chart(losses(), PictureFormat::svg), kLine);
  REQUIRE(paths.size() == 4);  // two series, two legend marks
  const auto& train = paths[0];
  REQUIRE(train.size() == 4);
  CHECK(train[3].first - train[2].first ==
        doctest::Approx(train[1].first - train[0].first).epsilon(1e-3));
  CHECK(train[1].second - train[0].second ==
        doctest::Approx(2 * (train[2].second - train[1].second)).epsilon(1e-3));
  CHECK(paths[1][1].first == train[1].first);
  CHECK(paths[1][2].second == train[1].second);
}

TEST_CASE("line chart: a logarithmic axis makes halving equal steps") {
  LineChart chart = losses();
  chart.log_y = true;
  chart.series[0].y = {8, 4, 1, 0.5};
  const auto train = svg_paths(draw_line_chart(chart, PictureFormat::svg), kLine)[0];
  REQUIRE(train.size() == 4);
  CHECK(train[2].second - train[1].second ==
        doctest::Approx(2 * (train[1].second - train[0].second)).epsilon(1e-3));
}

TEST_CASE("line chart: gaps, single points, bands and empty charts can be drawn") {
  LineChart chart = losses();
  chart.series[0].y[1] = NAN;
  CHECK(svg_paths(draw_line_chart(chart, PictureFormat::svg), kLine)[0].size() ==
        4);  // a dot and a line
  chart.series = {{"one", {5}, {0.3}}};
  CHECK(!draw_line_chart(chart, PictureFormat::png).empty());
  chart.series = {{"band", {1, 2}, {3, 4}, {2, 3}, {4, 5}}};
  CHECK(draw_line_chart(chart, PictureFormat::svg).find("fill-opacity:0.18") != std::string::npos);
  chart.series.clear();
  CHECK(!draw_line_chart(chart, PictureFormat::svg).empty());
}

TEST_CASE("line chart: series of unequal length are refused") {
  LineChart chart = losses();
  chart.series[0].y.pop_back();
  CHECK_THROWS_WITH_AS(draw_line_chart(chart, PictureFormat::svg), doctest::Contains("train"),
                       Error);
  chart = losses();
  chart.series[1].low = {1};
  CHECK_THROWS_AS(draw_line_chart(chart, PictureFormat::svg), Error);
}
