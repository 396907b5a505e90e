#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "einthoven/base/error.h"
#include "einthoven/format/mat.h"
#include "einthoven/format/registry.h"
#include "einthoven/infer/preparation.h"

using namespace einthoven;

namespace {

/// Leads V1 and I in the wrong order, 12 s at 250 Hz.
signal::Recording two_leads() {
  signal::Recording out({"V1", "I"}, 3000, 250);
  out.name = "two";
  for (std::int64_t i = 0; i < out.length(); ++i) {
    const double t = static_cast<double>(i) / 250;
    out.lead(0)[static_cast<std::size_t>(i)] = static_cast<float>(std::sin(6.28 * t));
    out.lead(1)[static_cast<std::size_t>(i)] = static_cast<float>(2 + std::cos(6.28 * t));
  }
  return out;
}

std::string fault_of(const signal::Recording& recording) {
  try {
    infer::prepare(recording, {});
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::data);
    return error.message();
  }
  return "";
}

}  // namespace

TEST_CASE("leads by name, standardised over the recording, whole segments") {
  const auto prepared = infer::prepare(two_leads(), {});
  REQUIRE(prepared.segments.size() == 2);  // 6000 samples at 500 Hz
  CHECK(!prepared.notes.empty());
  const auto& first = prepared.segments[0];
  CHECK(first.leads == 12);
  CHECK(first.length == 2500);
  CHECK(first.lead(0)[0] == doctest::Approx(std::sqrt(2)).epsilon(0.02));  // cos, centred
  CHECK(first.lead(6)[0] == doctest::Approx(0).epsilon(0.02));             // sin
  for (const float value : first.lead(1)) CHECK(value == 0);               // absent lead II
}

TEST_CASE("filters, spline and scale on request; absent leads stay zero and do not count") {
  auto recording = two_leads();
  const infer::PreparationOptions options{
      .filters = signal::FilterChain(std::vector<std::string>{"highpass:100"}),
      .resampling = signal::Resampling::spline,
      .normalise = {.kind = signal::Normalisation::off, .epsilon = 0}};
  const auto quiet = infer::prepare(recording, options);
  for (const float value : quiet.segments[1].lead(0)) REQUIRE(std::abs(value) < 1e-3F);
  const auto scaled = infer::prepare(
      recording, {.normalise = {.kind = signal::Normalisation::recording_minmax, .epsilon = 0}});
  const auto lead = scaled.segments[0].lead(0);
  CHECK(*std::ranges::max_element(lead) <= 1);
  CHECK(*std::ranges::min_element(lead) >= 0);
  for (const float value : scaled.segments[0].lead(1)) CHECK(value == 0);
}

TEST_CASE("what cannot be used is a data error with its reason") {
  auto recording = two_leads();
  recording.lead(1)[7] = std::numeric_limits<float>::quiet_NaN();
  CHECK(fault_of(recording).find("lead I: 1 of 3000 samples are invalid") != std::string::npos);
  signal::Recording brief({"II"}, 1000, 250);
  brief.name = "brief";
  CHECK(fault_of(brief).find("too short (got 4.00 s, want at least 5.00 s)") != std::string::npos);
  signal::Recording other({"ABP"}, 3000, 250);
  CHECK(fault_of(other).find("none of the standard leads") != std::string::npos);
}

TEST_CASE("ECG-FM's own recordings become its own segments") {
  const fs::path folder = fs::path(EINTHOVEN_SHARED) / "data/code15_ecgfm";
  if (!fs::exists(EINTHOVEN_SHARED)) {
    MESSAGE("no shared folder");
    return;
  }
  int compared = 0;
  for (const auto& entry : fs::directory_iterator(folder / "org")) {
    const auto prepared = infer::prepare(format::read_recording(entry.path()), {});
    for (std::size_t i = 0; i < prepared.segments.size(); ++i) {
      const std::string name = fmt::format("{}_{}.mat", entry.path().stem().string(), i);
      const format::MatFile want = format::read_mat(folder / "segmented" / name);
      const auto values = want.at("feats").as_float_rows();
      REQUIRE(values.size() == prepared.segments[i].values.size());
      float worst = 0;
      for (std::size_t k = 0; k < values.size(); ++k) {
        worst = std::max(worst, std::abs(values[k] - prepared.segments[i].values[k]));
      }
      CHECK(worst <= 2e-6f);
      ++compared;
    }
  }
  CHECK(compared == 9);
}
