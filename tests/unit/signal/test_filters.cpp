// Section 1.11 of elm.md on the golden signal of SciPy and PyWavelets, and what holds for any
// signal.
#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "einthoven/base/error.h"
#include "einthoven/base/npy.h"
#include "einthoven/signal/cubic_spline.h"
#include "einthoven/signal/filter_chain.h"
#include "einthoven/signal/filter_design.h"

using namespace einthoven;
using namespace einthoven::signal;

namespace {

constexpr std::size_t kLeads = 12;

/// The golden signal as `[lead][sample]`, empty where ../shared is not there.
struct Golden {
  std::vector<double> samples;
  nlohmann::json filters, signal;

  Golden() {
    const fs::path folder = fs::path(EINTHOVEN_SHARED) / "fixtures/elm";
    if (!fs::is_directory(folder)) {
      MESSAGE("skipped: ../shared is not there");
      return;
    }
    filters = nlohmann::json::parse(read_file(folder / "golden_filter_features.json"));
    signal = nlohmann::json::parse(read_file(folder / "golden_signal.json"));
    samples = transposed(read_npy(folder / "x_5000x12.npy").as_double());
  }

  static std::vector<double> transposed(const std::vector<double>& columns) {
    const std::size_t length = columns.size() / kLeads;
    std::vector<double> rows(columns.size());
    for (std::size_t i = 0; i < length; ++i)
      for (std::size_t l = 0; l < kLeads; ++l) rows[l * length + i] = columns[i * kLeads + l];
    return rows;
  }
};

/// Largest difference of leads 0 and 11 at the golden samples.
double distance(const Golden& golden, const std::vector<double>& found, const std::string& what) {
  double worst = 0;
  for (const auto& [lead, name] : {std::pair(0, "_l0"), std::pair(11, "_l11")})
    for (std::size_t i = 0; i < golden.filters["idx"].size(); ++i) {
      const std::size_t at =
          5000 * static_cast<std::size_t>(lead) + golden.filters["idx"][i].get<std::size_t>();
      worst = std::max(worst, std::abs(found[at] - golden.filters[what + name][i].get<double>()));
    }
  return worst;
}

std::vector<double> filtered(std::vector<double> samples, std::vector<std::string> steps,
                             std::size_t leads = kLeads, double rate_hz = 500) {
  FilterChain(steps).apply(samples, leads, rate_hz);
  return samples;
}

/// The formula of the golden signal, lead 0, sampled at 400 Hz as a CODE-15 recording.
std::vector<double> golden_lead_at_400() {
  std::vector<double> x(4096);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double s = static_cast<double>(i) / 400, beat = std::fmod(s, 0.8) - 0.3;
    const auto wave = [&](double hz) { return std::sin(2 * std::numbers::pi * hz * s); };
    x[i] = 0.8 * std::exp(-beat * beat / (2 * 0.012 * 0.012)) + 0.15 * wave(0.3) + 0.05 * wave(60) +
           0.02 * wave(50) + 0.01 * wave(137);
  }
  return x;
}

/// Largest value in the middle of ten seconds of a sine wave after filtering.
double gain_at(double frequency_hz, const std::string& step) {
  std::vector<double> x(5000);
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = std::sin(2 * std::numbers::pi * frequency_hz * static_cast<double>(i) / 500);
  x = filtered(x, {step}, 1);
  double largest = 0;
  for (std::size_t i = 2300; i < 2700; ++i) largest = std::max(largest, std::abs(x[i]));
  return largest;
}

}  // namespace

TEST_CASE("the filters of ECG-Bench: exact, and in sections of second order") {
  const Golden golden;
  if (golden.samples.empty()) return;
  const std::vector<std::string> sections = {"notch:50", "notch:60", "bandpass:0.5:100",
                                             "highpass:0.05"};
  CHECK(distance(golden, filtered(golden.samples, sections), "filt") < 1e-3);
  CHECK(distance(golden, filtered(golden.samples, {"ecg-bench"}), "den") < 1e-3);
  const auto exact = filtered(golden.samples, {"ecg-bench-exact"});
  CHECK(distance(golden, exact, "den") < 1e-9);
  CHECK(distance(golden, exact, "filt") > 1e-7);  // the denoising did something
  std::vector<double> kept = golden.samples;
  CHECK_THROWS_WITH_AS(filtered(kept, {"ecg-bench-exact"}, kLeads, 360),
                       doctest::Contains("400 and 500 Hz only (got 360)"), Error);
}

TEST_CASE("the wavelet bands of the filtered golden signal") {
  const Golden golden;
  if (golden.samples.empty()) return;
  // What the denoising saw is the exact chain without its last step, which has no name of its own.
  const auto smooth =
      filtered(golden.samples, {"notch:50", "notch:60", "bandpass:0.5:100", "highpass:0.05"});
  const auto c = wavelet_decompose(std::span(smooth).first(5000), 4);
  std::vector<std::size_t> lengths = {c.approximation.size()};
  for (const auto& detail : c.details) lengths.push_back(detail.size());
  CHECK(lengths == golden.filters["wavedec_lens"].get<std::vector<std::size_t>>());
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(c.approximation[i] ==
          doctest::Approx(golden.filters["wavedec_cA4_head"][i].get<double>()).epsilon(5e-3));
    CHECK(c.details[0][i] ==
          doctest::Approx(golden.filters["wavedec_cD4_head"][i].get<double>()).epsilon(5e-3));
  }
}

TEST_CASE("the golden signal at 250 Hz, from 500 and from 400") {
  const Golden golden;
  if (golden.samples.empty()) return;
  const auto lead = [&](std::size_t l) {
    return std::span<const double>(golden.samples).subspan(5000 * l, 5000);
  };
  const auto wanted = Golden::transposed(
      read_npy(fs::path(EINTHOVEN_SHARED) / "fixtures/elm/x_250_2500x12.npy").as_double());
  for (std::size_t l = 0; l < kLeads; ++l) {
    const auto found = resample_spline_ends(lead(l), 500, 250);
    REQUIRE(found.size() == 2500);
    double worst = 0;
    for (std::size_t i = 0; i < found.size(); ++i)
      worst = std::max(worst, std::abs(found[i] - wanted[2500 * l + i]));
    CHECK(worst < 1e-9);
  }
  const auto found = resample_spline_ends(golden_lead_at_400(), 400, 250);
  REQUIRE(found.size() == 2560);
  std::size_t next = 0;
  for (const std::size_t i : {0, 1, 2, 1000, 2559})
    CHECK(std::abs(found[i] - golden.signal["nsample_code15_l0"][next++].get<double>()) < 1e-9);
}

TEST_CASE("a segment as ECG-Bench made them before October 2025") {
  const Golden golden;
  if (golden.samples.empty()) return;
  const auto smooth = filtered(golden.samples, {"ecg-bench-exact"});
  const auto lead = resample_spline_ends(std::span(smooth).first(5000), 500, 250);
  std::size_t next = 0;
  for (const std::size_t i : {0, 1, 2, 100, 1249})
    CHECK(static_cast<float>(lead[i]) ==
          doctest::Approx(golden.filters["g1_seg_l0"][next++].get<double>()).epsilon(1e-7));
}

TEST_CASE("filters pass and stop what they should") {
  CHECK(gain_at(50, "notch:50") < 1e-3);
  CHECK(gain_at(10, "notch:50") == doctest::Approx(0.998).epsilon(1e-3));
  CHECK(gain_at(10, "bandpass:0.5:40") == doctest::Approx(1).epsilon(1e-3));
  CHECK(gain_at(40, "bandpass:0.5:40") == doctest::Approx(0.5).epsilon(1e-2));  // -3 dB twice
  CHECK(gain_at(120, "bandpass:0.5:40:3") < 1e-2);
  CHECK(gain_at(5, "highpass:5:2") == doctest::Approx(0.5).epsilon(1e-2));
}

TEST_CASE("leads are filtered side by side as one by one, and a NaN stays in its lead") {
  std::vector<double> x(6 * 600);
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = std::sin(0.37 * static_cast<double>(i)) + static_cast<double>(i % 91);
  x[600 + 7] = std::nan("");
  const std::vector<std::string> steps = {"bandpass:1:60:3", "notch:50", "wavelet:universal"};
  const auto together = filtered(x, steps, 6);
  for (std::size_t l = 0; l < 6; ++l) {
    const auto begin = x.begin() + static_cast<std::ptrdiff_t>(600 * l);
    const auto alone = filtered({begin, begin + 600}, steps, 1);
    for (std::size_t i = 0; i < 600; ++i)
      if (l == 1)
        REQUIRE(std::isnan(together[600 * l + i]));
      else
        REQUIRE(together[600 * l + i] == alone[i]);
  }
}

TEST_CASE("denoising keeps the length and, without noise, the signal") {
  for (const std::size_t length : {1, 2, 11, 500, 501}) {
    std::vector<double> x(length);
    for (std::size_t i = 0; i < length; ++i) x[i] = 0.001 * static_cast<double>(i);
    const auto again = wavelet_reconstruct(wavelet_decompose(x, 4));
    REQUIRE(again.size() == length + length % 2);
    for (std::size_t i = 0; i < length; ++i) CHECK(again[i] == doctest::Approx(x[i]));
    CHECK(filtered(x, {"wavelet"}, 1).size() == length);
  }
  CHECK_THROWS_AS(wavelet_decompose({}, 1), Error);
}

TEST_CASE("the name of a chain leaves nothing out") {
  const auto names = [](std::vector<std::string> steps) { return FilterChain(steps).names(); };
  CHECK(names({"ecg-bench"}) == std::vector<std::string>{"notch:50:30", "notch:60:30",
                                                         "bandpass:0.5:100:4", "highpass:0.05:4",
                                                         "wavelet:coarsest"});
  CHECK(names({"highpass:0.5:2", "wavelet:universal", "ecg-bench-exact"}) ==
        std::vector<std::string>{"highpass:0.5:2", "wavelet:universal", "ecg-bench-exact",
                                 "wavelet:coarsest"});
  CHECK(FilterChain().empty());
  for (const char* wrong :
       {"", "notch", "notch:x", "notch:-50", "bandpass:1", "bandpass:1:2:2.5", "bandpass:1:2:3:4",
        "highpass:1:99", "wavelet:soft", "lowpass:40", "notch:inf", "ecg-bench:1"}) {
    INFO(wrong);
    CHECK_THROWS_AS(names({wrong}), Error);
  }
}

TEST_CASE("frequencies that the rate does not reach, and short leads, are refused") {
  std::vector<double> x(100, 1.0);
  CHECK_THROWS_AS(filtered(x, {"notch:250"}, 1), Error);
  CHECK_THROWS_AS(filtered(x, {"bandpass:40:10"}, 1), Error);
  CHECK_THROWS_AS(filtered(x, {"highpass:300"}, 1), Error);
  CHECK_THROWS_WITH_AS(filtered(std::vector<double>(27, 1.0), {"bandpass:0.5:40"}, 1),
                       doctest::Contains("want more than 27"), Error);
}
