#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "einthoven/base/error.h"
#include "einthoven/plot/ecg_paper.h"
#include "einthoven/signal/lead.h"
#include "picture.h"

using namespace einthoven;
using namespace einthoven::plot;

namespace {

constexpr double kRate = 500;
constexpr double kRounding = 1.0 / 256;  // millimetres, of Cairo
/// The stroke of a trace in SVG, by its width.
const std::string kTrace = "stroke-width:0.28;";
const std::string kSalientTrace = "stroke-width:0.4;";

/// Every lead is zero but for a step of 1 mV from 1.0 s to 1.2 s after each full second.
signal::Recording steps(double seconds = 10) {
  signal::Recording recording({signal::kStandardLeads.begin(), signal::kStandardLeads.end()},
                              static_cast<std::int64_t>(seconds * kRate), kRate);
  for (std::size_t lead = 0; lead < 12; ++lead)
    for (std::size_t t = 0; t < recording.lead(lead).size(); ++t)
      recording.lead(lead)[t] = t % 500 < 100 ? 1.0F : 0.0F;
  return recording;
}

EcgPlotOptions strip_options() {
  EcgPlotOptions options;
  options.grid = false;
  options.page.layout = EcgLayout::twelve_by_one;
  return options;
}

}  // namespace

TEST_CASE("paper: the trace in SVG is 25 mm a second and 10 mm a millivolt") {
  const std::string svg = draw_ecg(steps(), strip_options(), PictureFormat::svg);
  auto paths = svg_paths(svg, kTrace);
  std::erase_if(paths, [](const auto& path) { return path.size() == 6; });  // pulses
  REQUIRE(paths.size() == 12);
  const auto& trace = paths[0];
  REQUIRE(trace.size() == 40);  // ten steps of four corners
  for (std::size_t second = 1; second < 10; ++second) {
    const auto& [x, y] = trace[4 * second];
    CHECK(std::abs(x - trace[0].first - 25 * static_cast<double>(second)) < 26 * kRounding);
    CHECK(std::abs(trace[4 * second - 1].second - y - 10) < 2 * kRounding);
  }
}

TEST_CASE("paper: the calibration pulse is 1 mV and 5 mm") {
  const std::string svg = draw_ecg(steps(), strip_options(), PictureFormat::svg);
  auto paths = svg_paths(svg, kTrace);
  std::erase_if(paths, [](const auto& path) { return path.size() != 6; });
  REQUIRE(paths.size() == 12);
  CHECK(paths[0][1].second - paths[0][2].second == doctest::Approx(10));
  CHECK(paths[0][3].first - paths[0][2].first == doctest::Approx(5));
}

TEST_CASE("paper: the edges of the steps are where they belong in the pixels") {
  EcgPlotOptions options = strip_options();
  options.dpi = 254;  // ten pixels a millimetre
  const Pixels pixels(draw_ecg(steps(), options, PictureFormat::png));
  REQUIRE(pixels.valid());
  const EcgPage page = lay_out(steps(), options.page);
  CHECK(pixels.width() == std::lround(page.width_mm * 10));
  const EcgPanel& panel = page.panels[5];
  const auto dark = [&](double x_mm, double y_mm) {
    return (pixels.at(static_cast<int>(x_mm * 10), static_cast<int>(y_mm * 10)) & 0xFF) < 0x80;
  };
  for (int second = 1; second < 10; ++second) {
    CHECK(dark(page.x_of(panel, second + 0.1), page.y_of(panel, 1)));
    CHECK(dark(page.x_of(panel, second + 0.6), page.y_of(panel, 0)));
    CHECK(!dark(page.x_of(panel, second + 0.1), page.y_of(panel, 0)));
    CHECK(dark(page.x_of(panel, second - 0.001), page.y_of(panel, 0.5)));  // the rising edge
    CHECK(!dark(page.x_of(panel, second - 0.03), page.y_of(panel, 0.5)));
    CHECK(!dark(page.x_of(panel, second + 0.03), page.y_of(panel, 0.5)));
  }
}

TEST_CASE("paper: the grid has a line every millimetre, a bold one every five") {
  const std::string svg = draw_ecg(steps(), {}, PictureFormat::svg);
  const EcgPage page = lay_out(steps(), {});
  const auto bold = svg_paths(svg, "stroke-width:0.2;stroke-linecap:round");
  const auto fine = svg_paths(svg, "stroke-width:0.1;");
  const auto squares = page.paper.width / 5 + page.paper.height / 5;
  CHECK(static_cast<double>(bold.size()) == squares + 2);
  CHECK(static_cast<double>(fine.size()) == squares * 4);
  CHECK(bold[1][0].first - bold[0][0].first == doctest::Approx(5));
}

TEST_CASE("paper: nothing of the recording's name or comments is in the picture") {
  signal::Recording recording = steps();
  const std::string plain = draw_ecg(recording, {}, PictureFormat::svg);
  recording.name = "patient-4711";
  recording.comments = {"Age: 57", "Name: Doe"};
  recording.base_date = "2020-01-02";
  CHECK(draw_ecg(recording, {}, PictureFormat::svg) == plain);
}

TEST_CASE("paper: missing and silent leads are labelled, cut traces marked") {
  const auto red_pixels = [](const signal::Recording& recording) {
    EcgPlotOptions options;
    options.grid = false;
    const Pixels pixels(draw_ecg(recording, options, PictureFormat::png));
    int count = 0;
    for (int y = 0; y < pixels.height(); ++y)
      for (int x = 0; x < pixels.width(); ++x) count += pixels.at(x, y) == 0xC00000;
    return count;
  };
  CHECK(red_pixels(steps()) == 0);
  signal::Recording silent = steps();
  std::ranges::fill(silent.lead(7), NAN);
  CHECK(red_pixels(silent) > 20);
  const std::string_view two[] = {"I", "II"};
  CHECK(red_pixels(steps().with_leads(two, true)) > 20 * 9);
  signal::Recording tall = steps();
  tall.lead(6)[1300 + 1250] = 40;
  CHECK(red_pixels(tall) > 20);
}

TEST_CASE("paper: saliency colours the trace from blue to red along time") {
  const signal::Recording recording = steps(2);
  std::vector<float> saliency(1000);
  std::iota(saliency.begin(), saliency.end(), -300.0F);
  EcgPlotOptions options = strip_options();
  options.saliency = saliency;
  const std::string svg = draw_ecg(recording, options, PictureFormat::svg);
  const auto shades = svg_paths(svg, kSalientTrace);
  CHECK(shades.size() == 12 * 64);
  CHECK(svg.find("stroke:rgb(0%,27.843137%,67.058824%)") != std::string::npos);
  CHECK(svg.find("stroke:rgb(86.27451%,7.843137%,23.529412%)") != std::string::npos);
  for (std::size_t i = 1; i < 64; ++i) CHECK(shades[i].front() == shades[i - 1].back());
  saliency.pop_back();
  options.saliency = saliency;
  CHECK_THROWS_WITH_AS(draw_ecg(recording, options, PictureFormat::svg),
                       doctest::Contains("got 999 values, want 1000"), Error);
  saliency.push_back(NAN);
  options.saliency = saliency;
  CHECK_THROWS_AS(draw_ecg(recording, options, PictureFormat::svg), Error);
}

TEST_CASE("paper: a constant saliency is drawn, too") {
  const std::vector<float> flat(1000, 2.0F);
  EcgPlotOptions options = strip_options();
  options.saliency = flat;
  const std::string svg = draw_ecg(steps(2), options, PictureFormat::svg);
  CHECK(svg_paths(svg, kSalientTrace).size() == 12);
}

TEST_CASE("paper: an offset is taken out unless it is wanted") {
  signal::Recording shifted = steps();
  for (float& value : shifted.samples()) value += 3;
  EcgPlotOptions options = strip_options();
  CHECK(draw_ecg(shifted, options, PictureFormat::svg) ==
        draw_ecg(steps(), options, PictureFormat::svg));
  options.centre = false;
  CHECK(draw_ecg(shifted, options, PictureFormat::svg) !=
        draw_ecg(steps(), options, PictureFormat::svg));
}
