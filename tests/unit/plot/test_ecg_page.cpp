#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/plot/ecg_page.h"
#include "einthoven/signal/lead.h"

using namespace einthoven;
using namespace einthoven::plot;

namespace {

signal::Recording standard(double seconds, double rate_hz = 500) {
  return {{signal::kStandardLeads.begin(), signal::kStandardLeads.end()},
          static_cast<std::int64_t>(seconds * rate_hz),
          rate_hz};
}

}  // namespace

TEST_CASE("page: 3x4 puts a quarter of the time into each column and a strip below") {
  const EcgPage page = lay_out(standard(10), {});
  REQUIRE(page.panels.size() == 13);
  CHECK(page.panels[0].lead == "I");
  CHECK(page.panels[1].lead == "aVR");
  CHECK(page.panels[3].lead == "V4");
  CHECK(page.panels[4].lead == "II");
  CHECK(page.panels[11].lead == "V6");
  CHECK(page.panels[12].lead == "II");
  CHECK(page.panels[3].from_s == 7.5);
  CHECK(page.panels[3].x_mm - page.panels[0].x_mm == doctest::Approx(7.5 * 25));
  CHECK(page.panels[12].to_s - page.panels[12].from_s == 10);
  CHECK(page.panels[4].baseline_mm - page.panels[0].baseline_mm == page.row_mm);
}

TEST_CASE("page: 25 mm a second and 10 mm a millivolt, or what is asked") {
  EcgPageOptions options;
  EcgPage page = lay_out(standard(10), options);
  const EcgPanel& strip = page.panels.back();
  CHECK(page.x_of(strip, 1) - page.x_of(strip, 0) == doctest::Approx(25));
  CHECK(page.y_of(strip, 0) - page.y_of(strip, 1) == doctest::Approx(10));
  options.speed_mm_s = 50;
  options.gain_mm_mv = 5;
  page = lay_out(standard(10), options);
  CHECK(page.x_of(page.panels.back(), 2) - page.x_of(page.panels.back(), 1) == doctest::Approx(50));
  CHECK(page.y_of(page.panels.back(), 0) - page.y_of(page.panels.back(), 1) == doctest::Approx(5));
}

TEST_CASE("page: every panel lies on the paper, which is whole squares") {
  for (const auto layout :
       {EcgLayout::three_by_four, EcgLayout::six_by_two, EcgLayout::twelve_by_one})
    for (const double seconds : {0.4, 3.3, 10.0, 60.0}) {
      EcgPageOptions options;
      options.layout = layout;
      options.seconds = seconds;
      options.title = true;
      const EcgPage page = lay_out(standard(60), options);
      const Box& paper = page.paper;
      CHECK(std::abs(std::remainder(paper.width, 5)) < 1e-9);
      CHECK(std::abs(std::remainder(paper.height, 5)) < 1e-9);
      for (const EcgPanel& panel : page.panels) {
        CHECK(panel.x_mm >= paper.x);
        CHECK(page.x_of(panel, panel.to_s) <= paper.x + paper.width + 1e-9);
        CHECK((panel.baseline_mm > paper.y && panel.baseline_mm < paper.y + paper.height));
      }
      CHECK(paper.x + paper.width < page.width_mm);
      CHECK(paper.y + paper.height < page.height_mm);
    }
}

TEST_CASE("page: leads are found by name, missing ones have no index") {
  signal::Recording recording({"V1", "II", "avf"}, 5000, 500);
  const EcgPage page = lay_out(recording, {});
  CHECK(page.panels[2].lead == "V1");
  CHECK(page.panels[2].lead_index == 0U);
  CHECK(!page.panels[0].lead_index.has_value());
  const signal::Recording holter({"MLII", "ECG2"}, 5000, 500);
  const EcgPage two = lay_out(holter, {});
  REQUIRE(two.panels.size() == 2);
  CHECK(two.panels[1].lead == "ECG2");
}

TEST_CASE("page: the time shown is asked for or at most ten seconds") {
  EcgPageOptions options;
  CHECK(lay_out(standard(60), options).seconds == 10);
  CHECK(lay_out(standard(4), options).seconds == 4);
  options.start_s = 57;
  CHECK(lay_out(standard(60), options).seconds == doctest::Approx(3));
  options.rhythm_leads = {"v1", "II"};
  CHECK(lay_out(standard(60), options).panels.size() == 14);
}

TEST_CASE("page: what cannot be printed is refused") {
  EcgPageOptions options;
  options.start_s = 11;
  CHECK_THROWS_WITH_AS(lay_out(standard(10), options), doctest::Contains("start"), Error);
  options = {};
  options.gain_mm_mv = 0;
  CHECK_THROWS_WITH_AS(lay_out(standard(10), options), doctest::Contains("gain"), Error);
  options = {};
  options.seconds = -2;
  CHECK_THROWS_WITH_AS(lay_out(standard(10), options), doctest::Contains("seconds"), Error);
  CHECK_THROWS_AS(parse_layout("4x3"), Error);
}
