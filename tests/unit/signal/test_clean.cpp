#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/signal/clean.h"
#include "einthoven/signal/filter_design.h"

using namespace einthoven;
using namespace einthoven::signal;

TEST_CASE("a high-pass has the sections of scipy.signal.butter") {
  const auto sections = butterworth_highpass(5, 0.5, 500);
  REQUIRE(sections.size() == 3);
  CHECK(sections[0].a1 == doctest::Approx(-0.99373647).epsilon(1e-8));
  CHECK(sections[0].first_order());
  CHECK(sections[1].a1 == doctest::Approx(-1.9898458).epsilon(1e-8));
  CHECK(sections[1].a2 == doctest::Approx(0.98988508).epsilon(1e-8));
  CHECK(sections[2].a1 == doctest::Approx(-1.99608493).epsilon(1e-8));
  CHECK(sections[2].a2 == doctest::Approx(0.99612433).epsilon(1e-8));
  double gain = 1;
  for (const auto& section : sections) gain *= section.b0;
  CHECK(gain == doctest::Approx(0.98988508).epsilon(1e-8));
  CHECK(butterworth_highpass(4, 1, 100).size() == 2);
  CHECK_THROWS_AS(butterworth_highpass(2, 250, 500), Error);
  CHECK_THROWS_AS(butterworth_highpass(0, 1, 500), Error);
}

TEST_CASE("cleaning agrees with ecg_clean of neurokit2 0.2.13") {
  constexpr double kTurn = 2 * std::numbers::pi / 500;
  std::vector<float> lead(1000);
  for (std::size_t i = 0; i < lead.size(); ++i) {
    const auto t = static_cast<double>(i);
    lead[i] = static_cast<float>(std::sin(kTurn * t * 1.3) + 0.3 * std::sin(kTurn * t * 50) +
                                 0.5 * std::cos(kTurn * t * 17) + t / 400);
  }
  clean_lead(lead, 500);
  const std::pair<std::size_t, double> expected[] = {
      {0, -0.4607019501575524},   {1, -0.5009483589309596},  {37, -0.26032850626202597},
      {250, -1.2084232452745718}, {500, 1.5156082516792082}, {777, -0.4142219567569639},
      {999, -0.2997281727617982}};
  for (const auto& [i, value] : expected) CHECK(lead[i] == doctest::Approx(value).epsilon(1e-6));
}

TEST_CASE("a lead too short to clean is refused") {
  std::vector<float> lead(30, 1.0F);
  CHECK_THROWS_WITH_AS(clean_lead(lead, 500), doctest::Contains("want more than 30"), Error);
}
