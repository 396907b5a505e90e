#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "einthoven/base/error.h"
#include "einthoven/data/augmentation.h"
#include "memory_dataset.h"

using namespace einthoven;
using namespace einthoven::data;

namespace {

AugmentationOptions only(const std::string& mode) {
  AugmentationOptions options;
  options.modes = {mode};
  return options;
}

/// With numpy seed 9 on r(12, 300), as the goldens of the specification.
Signal augmented_with_numpy(const AugmentationOptions& options) {
  Signal signal = filled_signal(12, 300);
  NumpyRandom random(9);
  DrawsFrom draws(random);
  Augmentation(options).apply(signal, draws);
  return signal;
}

Signal augmented(Signal signal, const AugmentationOptions& options, std::uint64_t item) {
  RandomStream random(1, "augment", 1, item);
  DrawsFrom draws(random);
  Augmentation(options).apply(signal, draws);
  return signal;
}

bool is_zero(std::span<const float> lead) {
  return std::all_of(lead.begin(), lead.end(), [](float v) { return v == 0; });
}

/// Amplitude of one frequency in a lead.
double amplitude_at(std::span<const float> lead, double frequency_hz, double rate_hz) {
  double re = 0, im = 0;
  for (std::size_t t = 0; t < lead.size(); ++t) {
    const double angle = 2 * std::numbers::pi * frequency_hz * static_cast<double>(t) / rate_hz;
    re += static_cast<double>(lead[t]) * std::cos(angle);
    im += static_cast<double>(lead[t]) * std::sin(angle);
  }
  return 2 * std::hypot(re, im) / static_cast<double>(lead.size());
}

void check_limb_leads(const Signal& s) {
  for (std::size_t t = 0; t < static_cast<std::size_t>(s.length); ++t) {
    const float one = s.lead(0)[t], two = s.lead(1)[t];
    CHECK(s.lead(2)[t] == doctest::Approx(two - one).epsilon(1e-6));
    CHECK(s.lead(3)[t] == doctest::Approx(-(one + two) / 2).epsilon(1e-6));
    CHECK(s.lead(4)[t] == doctest::Approx(one - two / 2).epsilon(1e-6));
    CHECK(s.lead(5)[t] == doctest::Approx(two - one / 2).epsilon(1e-6));
  }
}

}  // namespace

TEST_CASE("the reference's sums come out of the same numpy stream") {
  const Signal masked = augmented_with_numpy(only("random_leads_masking"));
  CHECK(sum(masked) == doctest::Approx(7.151188).epsilon(1e-5));
  double absolute = 0;
  for (const float v : masked.values) absolute += std::abs(static_cast<double>(v));
  CHECK(absolute == doctest::Approx(430.211652).epsilon(1e-5));
  CHECK(sum(augmented_with_numpy(only("powerline_noise"))) ==
        doctest::Approx(34.030799).epsilon(1e-5));
  CHECK(sum(augmented_with_numpy(only("emg_noise"))) == doctest::Approx(32.107572).epsilon(1e-5));
  CHECK(sum(augmented_with_numpy(only("baseline_wander"))) ==
        doctest::Approx(-81.162686).epsilon(1e-5));
  auto shift = only("baseline_shift");
  shift.legacy_baseline_shift = true;
  CHECK(sum(augmented_with_numpy(shift)) == doctest::Approx(-91.282610).epsilon(1e-5));
}

TEST_CASE("each lead is masked with its probability, on its own") {
  auto options = only("random_leads_masking");
  options.mask_leads_prob = 0.5;
  constexpr int kSignals = 10000;
  Signal ones(12, 2);
  std::fill(ones.values.begin(), ones.values.end(), 1.0f);
  int masked = 0, first_two = 0;
  for (int i = 0; i < kSignals; ++i) {
    const Signal signal = augmented(ones, options, static_cast<std::uint64_t>(i));
    for (std::int64_t l = 0; l < 12; ++l) masked += is_zero(signal.lead(l)) ? 1 : 0;
    first_two += is_zero(signal.lead(0)) && is_zero(signal.lead(1)) ? 1 : 0;
  }
  const double leads = 12.0 * kSignals;
  CHECK(std::abs(masked / leads - 0.5) < 4 * 0.5 / std::sqrt(leads));
  CHECK(std::abs(first_two / double{kSignals} - 0.25) < 4 * std::sqrt(0.1875 / kSignals));
}

TEST_CASE("conditional masking zeroes exactly n1 limb and n2 chest leads, each equally often") {
  auto options = only("random_leads_masking");
  options.mask_leads_selection = "conditional";
  options.mask_leads_condition = {4, 5};
  Signal ones(12, 2);
  std::fill(ones.values.begin(), ones.values.end(), 1.0f);
  std::array<int, 12> masked{};
  constexpr int kSignals = 6000;
  for (int i = 0; i < kSignals; ++i) {
    const Signal signal = augmented(ones, options, static_cast<std::uint64_t>(i));
    int limb = 0, chest = 0;
    for (std::size_t l = 0; l < 12; ++l) {
      const bool zero = is_zero(signal.lead(static_cast<std::int64_t>(l)));
      masked[l] += zero ? 1 : 0;
      (l < 6 ? limb : chest) += zero ? 1 : 0;
    }
    REQUIRE(limb == 4);
    REQUIRE(chest == 5);
  }
  for (std::size_t l = 0; l < 12; ++l) {
    const double p = l < 6 ? 4.0 / 6 : 5.0 / 6;
    CHECK(std::abs(masked[l] / double{kSignals} - p) < 4 * std::sqrt(p * (1 - p) / kSignals));
  }
  CHECK_THROWS_AS(augmented(filled_signal(8, 4), options, 0), Error);
}

TEST_CASE("powerline noise is one tone of 50 or 60 Hz within the amplitude limits") {
  auto options = only("powerline_noise");
  options.min_amplitude = 0.05;
  options.dependency = false;
  int fifty = 0;
  constexpr int kSignals = 200;
  for (int i = 0; i < kSignals; ++i) {
    const Signal noise = augmented(Signal(12, 500), options, static_cast<std::uint64_t>(i));
    const double at_50 = amplitude_at(noise.lead(7), 50, 500);
    const double at_60 = amplitude_at(noise.lead(7), 60, 500);
    CHECK(std::max(at_50, at_60) >= 0.0499);
    CHECK(std::max(at_50, at_60) <= 0.1001);
    CHECK(std::min(at_50, at_60) < 1e-4);
    fifty += at_50 > at_60 ? 1 : 0;
  }
  CHECK(std::abs(fifty - kSignals / 2) < 4 * std::sqrt(kSignals * 0.25));
}

TEST_CASE("emg noise has the deviation of its amplitude") {
  auto options = only("emg_noise");
  options.min_amplitude = options.max_amplitude = 0.2;
  options.dependency = false;
  const Signal noise = augmented(Signal(12, 5000), options, 3);
  double squares = 0;
  for (const float v : noise.values) squares += std::pow(static_cast<double>(v), 2);
  CHECK(std::sqrt(squares / 60000) == doctest::Approx(0.2).epsilon(0.02));
}

TEST_CASE("a baseline shift is a step of +-g; the legacy switch gives sign - g") {
  auto options = only("baseline_shift");
  options.min_amplitude = options.max_amplitude = 0.1;
  options.dependency = false;
  double fraction = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const Signal fixed = augmented(Signal(12, 1000), options, i);
    auto legacy_options = options;
    legacy_options.legacy_baseline_shift = true;
    const Signal legacy = augmented(Signal(12, 1000), legacy_options, i);
    std::int64_t shifted = 0;
    for (std::size_t k = 0; k < fixed.values.size(); ++k) {
      const float v = fixed.values[k];
      REQUIRE((v == 0 || std::abs(std::abs(v) - 0.1f) < 1e-6f));
      if (v > 0) REQUIRE(legacy.values[k] == doctest::Approx(0.9));
      if (v < 0) REQUIRE(legacy.values[k] == doctest::Approx(-1.1));
      if (k < 1000) shifted += v != 0 ? 1 : 0;
    }
    fraction += static_cast<double>(shifted) / 1000 / 300;
  }
  CHECK(fraction == doctest::Approx(0.2).epsilon(0.05));
}

TEST_CASE("noise keeps the limb leads consistent when they depend on I and II") {
  for (const auto* mode : {"powerline_noise", "emg_noise", "baseline_shift", "baseline_wander"}) {
    CAPTURE(mode);
    check_limb_leads(augmented(filled_signal(12, 50), only(mode), 5));
  }
}

TEST_CASE("probability 0 changes nothing, and every mode has its own") {
  AugmentationOptions options;
  options.modes = {"powerline_noise", "emg_noise", "baseline_shift", "baseline_wander",
                   "random_leads_masking"};
  options.p = {0.0};
  const Signal signal = filled_signal(12, 100);
  for (std::uint64_t i = 0; i < 50; ++i)
    CHECK(augmented(signal, options, i).values == signal.values);
  options.p = {0, 0, 0, 0, 1};
  options.mask_leads_prob = 1;
  CHECK(is_zero(augmented(signal, options, 1).values));
}

TEST_CASE("impossible options are refused by name") {
  CHECK_THROWS_WITH_AS(Augmentation(only("powerline_nois")),
                       doctest::Contains("did you mean \"powerline_noise\""), Error);
  auto options = only("emg_noise");
  options.p = {0.5, 0.5};
  CHECK_THROWS_WITH_AS(Augmentation{options}, doctest::Contains("task.p"), Error);
  options = only("random_leads_masking");
  options.mask_leads_selection = "some";
  CHECK_THROWS_WITH_AS(Augmentation{options}, doctest::Contains("mask_leads_selection"), Error);
  CHECK_THROWS_WITH_AS(augmented(filled_signal(2, 5), only("emg_noise"), 0),
                       doctest::Contains("at least 6 leads"), Error);
}
