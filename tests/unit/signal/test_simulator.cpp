#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "einthoven/base/error.h"
#include "einthoven/base/parallel.h"
#include "einthoven/signal/simulator/ecg_simulator.h"

using namespace einthoven;
using namespace einthoven::signal::simulator;

namespace {

constexpr std::uint64_t kSeed = 7;

SimulatedEcg simulate(Condition primary, std::uint64_t number, std::string_view noise = "none",
                      double seconds = 10) {
  const Patient patient = draw_patient(kSeed, number, primary, {});
  Scenario scenario = draw_scenario(patient, number);
  scenario.noise = noise_levels(noise);
  scenario.seconds = seconds;
  return simulate_ecg(patient, scenario);
}

std::span<const float> lead(const SimulatedEcg& ecg, std::string_view name) {
  return ecg.recording.lead(*ecg.recording.find_lead(name));
}

bool is_beat(const std::string& symbol) {
  return symbol == "N" || symbol == "V" || symbol == "A" || symbol == "/";
}

struct Marked {
  std::int64_t onset;
  std::int64_t peak;
  std::int64_t offset;
};

std::vector<Marked> waves(const SimulatedEcg& ecg, const std::function<bool(std::string)>& wanted) {
  std::vector<Marked> found;
  const auto& marks = ecg.recording.annotations;
  for (std::size_t i = 1; i + 1 < marks.size(); ++i)
    if (wanted(marks[i].symbol))
      found.push_back({marks[i - 1].sample, marks[i].sample, marks[i + 1].sample});
  return found;
}

std::vector<double> intervals_s(const SimulatedEcg& ecg) {
  std::vector<double> rr;
  const auto beats = waves(ecg, is_beat);
  for (std::size_t i = 1; i < beats.size(); ++i)
    rr.push_back(static_cast<double>(beats[i].peak - beats[i - 1].peak) / ecg.recording.rate_hz);
  return rr;
}

double mean(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double deviation(const std::vector<double>& x) {
  double sum = 0;
  for (const double value : x) sum += (value - mean(x)) * (value - mean(x));
  return std::sqrt(sum / static_cast<double>(x.size()));
}

/// Width in ms of the QRS as the signal shows it: where the sum of the leads' slopes is steep.
double width_in_signal(const SimulatedEcg& ecg) {
  std::vector<double> widths;
  for (const Marked& beat : waves(ecg, is_beat)) {
    std::vector<double> slope;
    for (std::int64_t i = beat.peak - 60; i < beat.peak + 80; ++i) {
      double sum = 0;
      if (i >= 0 && i + 1 < ecg.recording.length())
        for (std::size_t l = 0; l < 12; ++l)
          sum += std::abs(ecg.recording.lead(l)[static_cast<std::size_t>(i) + 1] -
                          ecg.recording.lead(l)[static_cast<std::size_t>(i)]);
      slope.push_back(sum);
    }
    const double limit = 0.12 * *std::ranges::max_element(slope);
    const auto steep = [limit](double s) { return s > limit; };
    const auto first = std::ranges::find_if(slope, steep);
    const auto last = std::find_if(slope.rbegin(), slope.rend(), steep).base();
    widths.push_back(2.0 * static_cast<double>(last - first));
  }
  std::ranges::nth_element(widths, widths.begin() + static_cast<std::ptrdiff_t>(widths.size() / 2));
  return widths[widths.size() / 2];
}

double annotated_width_ms(const SimulatedEcg& ecg) {
  const auto beats = waves(ecg, is_beat);
  return 1000 * static_cast<double>(beats[1].offset - beats[1].onset) / ecg.recording.rate_hz;
}

}  // namespace

TEST_CASE("simulator: Einthoven's and Goldberger's identities hold with the worst noise") {
  for (std::uint64_t number = 0; number < 10; ++number) {
    const SimulatedEcg ecg = simulate(Condition::sinus_rhythm, number, "high");
    const auto i = lead(ecg, "I"), ii = lead(ecg, "II"), iii = lead(ecg, "III");
    const auto avr = lead(ecg, "aVR"), avl = lead(ecg, "aVL"), avf = lead(ecg, "aVF");
    float worst = 0;
    for (std::size_t t = 0; t < i.size(); ++t)
      worst =
          std::max({worst, std::abs(i[t] + iii[t] - ii[t]), std::abs(avr[t] + avl[t] + avf[t]),
                    std::abs(avr[t] + (i[t] + ii[t]) / 2), std::abs(avl[t] - (i[t] - iii[t]) / 2),
                    std::abs(avf[t] - (ii[t] + iii[t]) / 2)});
    CHECK(worst < 1e-5F);
  }
}

TEST_CASE("simulator: the heart rate is as asked") {
  for (const double rate : {48.0, 72.0, 96.0, 140.0}) {
    const Patient patient = draw_patient(kSeed, 3, Condition::sinus_rhythm, {});
    Scenario scenario;
    scenario.heart_rate_bpm = rate;
    scenario.seconds = 60;
    const SimulatedEcg ecg = simulate_ecg(patient, scenario);
    CHECK(60 / mean(intervals_s(ecg)) == doctest::Approx(rate).epsilon(0.03));
    CHECK(ecg.intervals.heart_rate_bpm ==
          doctest::Approx(60 / mean(intervals_s(ecg))).epsilon(0.02));
  }
}

TEST_CASE("simulator: the R marks lie on the steepest waves of the signal") {
  const SimulatedEcg ecg = simulate(Condition::sinus_rhythm, 4);
  const auto ii = lead(ecg, "V5");
  for (const Marked& beat : waves(ecg, is_beat)) {
    const auto from = ii.begin() + beat.onset;
    const auto top = std::max_element(from, ii.begin() + beat.offset) - ii.begin();
    CHECK(std::abs(top - beat.peak) <= 6);
  }
}

TEST_CASE("simulator: fibrillation is irregular and has no P, sinus rhythm is neither") {
  for (std::uint64_t number = 0; number < 6; ++number) {
    const SimulatedEcg af = simulate(Condition::atrial_fibrillation, number, "none", 60);
    const SimulatedEcg sinus = simulate(Condition::sinus_rhythm, number, "none", 60);
    const auto variation = [](const SimulatedEcg& ecg) {
      return deviation(intervals_s(ecg)) / mean(intervals_s(ecg));
    };
    CHECK(variation(af) > 0.1);
    CHECK(variation(sinus) < 0.06);
    const auto is_p = [](const std::string& symbol) { return symbol == "p"; };
    CHECK(waves(af, is_p).empty());
    CHECK(waves(sinus, is_p).size() >= waves(sinus, is_beat).size() - 1);
  }
}

TEST_CASE("simulator: bundle branch blocks are wide in the marks and in the signal") {
  for (std::uint64_t number = 0; number < 12; ++number) {
    const SimulatedEcg normal = simulate(Condition::sinus_rhythm, number);
    CHECK(annotated_width_ms(normal) < 110);
    CHECK(annotated_width_ms(normal) > 70);
    for (const Condition block :
         {Condition::right_bundle_branch_block, Condition::left_bundle_branch_block}) {
      const SimulatedEcg wide = simulate(block, number);
      CHECK(annotated_width_ms(wide) >= 120);
      CHECK(annotated_width_ms(wide) < 190);
      CHECK(width_in_signal(wide) > width_in_signal(normal) + 20);
    }
  }
}

TEST_CASE("simulator: each condition shows its definition") {
  for (std::uint64_t number = 0; number < 12; ++number) {
    CAPTURE(number);
    CHECK(simulate(Condition::first_degree_av_block, number).intervals.pr_ms > 200);
    CHECK(simulate(Condition::sinus_rhythm, number).intervals.pr_ms < 200);
    const auto long_qt = simulate(Condition::long_qt, number).intervals;
    CHECK(long_qt.qt_ms / std::cbrt(60 / long_qt.heart_rate_bpm) > 470);
    const SimulatedEcg low = simulate(Condition::low_qrs_voltage, number);
    for (std::size_t l = 0; l < 12; ++l) {
      const auto [least, most] = std::ranges::minmax(low.recording.lead(l));
      CHECK(most - least < (l < 6 ? 0.5F : 1.0F));
    }
    const SimulatedEcg bradycardia = simulate(Condition::sinus_bradycardia, number);
    CHECK(bradycardia.intervals.heart_rate_bpm < 60);
    CHECK(simulate(Condition::sinus_tachycardia, number).intervals.heart_rate_bpm > 100);
    const auto is_v = [](const std::string& s) { return s == "V"; };
    const auto is_a = [](const std::string& s) { return s == "A"; };
    CHECK(!waves(simulate(Condition::premature_ventricular, number), is_v).empty());
    CHECK(!waves(simulate(Condition::premature_atrial, number), is_a).empty());
    CHECK(waves(simulate(Condition::sinus_rhythm, number), is_v).empty());
  }
}

TEST_CASE("simulator: the electrical axis is as drawn") {
  for (std::uint64_t number = 0; number < 12; ++number) {
    for (const Condition axis : {Condition::left_axis_deviation, Condition::right_axis_deviation,
                                 Condition::sinus_rhythm}) {
      const SimulatedEcg ecg = simulate(axis, number);
      const Marked beat = waves(ecg, is_beat)[1];
      double net_i = 0;
      double net_avf = 0;
      const auto base = static_cast<std::size_t>(beat.onset);
      for (auto t = base; t <= static_cast<std::size_t>(beat.offset); ++t) {
        net_i += lead(ecg, "I")[t] - lead(ecg, "I")[base];
        net_avf += lead(ecg, "aVF")[t] - lead(ecg, "aVF")[base];
      }
      const double degrees = std::atan2(2 / std::sqrt(3.0) * net_avf, net_i) * 57.29578;
      if (axis == Condition::left_axis_deviation) CHECK((degrees < -25 && degrees > -95));
      if (axis == Condition::right_axis_deviation) CHECK((degrees > 88 || degrees < -170));
      if (axis == Condition::sinus_rhythm) CHECK((degrees > -35 && degrees < 105));
    }
  }
}

TEST_CASE("simulator: one record is the same from any thread and in any order") {
  constexpr std::size_t kCount = 8;
  const auto all = [](int threads) {
    std::vector<SimulatedEcg> ecgs(kCount);
    parallel_for(kCount, threads, [&](std::size_t i) {
      const std::size_t record = kCount - 1 - i;
      ecgs[record] = simulate(all_conditions()[record].condition, record, "typical");
    });
    return ecgs;
  };
  const auto one = all(1);
  const auto four = all(4);
  for (std::size_t i = 0; i < kCount; ++i) {
    CHECK(std::ranges::equal(one[i].recording.samples(), four[i].recording.samples()));
    CHECK(one[i].recording.annotations.size() == four[i].recording.annotations.size());
  }
  CHECK(!std::ranges::equal(one[0].recording.samples(), one[1].recording.samples()));
}

TEST_CASE("simulator: annotations ascend, lie inside and pair up") {
  for (const ConditionInfo& info : all_conditions()) {
    CAPTURE(info.name);
    for (std::uint64_t number = 0; number < 4; ++number) {
      const SimulatedEcg ecg = simulate(info.condition, number, "typical");
      const auto& marks = ecg.recording.annotations;
      CHECK(marks[0].symbol == "+");
      CHECK(marks.size() % 3 == 1);
      for (std::size_t i = 1; i < marks.size(); ++i) {
        CHECK(marks[i].sample >= marks[i - 1].sample);
        CHECK(marks[i].sample < ecg.recording.length());
        if (i % 3 == 1) CHECK(marks[i].symbol == "(");
        if (i % 3 == 0) CHECK(marks[i].symbol == ")");
      }
      const auto [least, most] = std::ranges::minmax(ecg.recording.samples());
      CHECK((least > -8 && most < 8));
    }
  }
}

TEST_CASE("simulator: other sample rates show the same heart") {
  const Patient patient = draw_patient(kSeed, 5, Condition::sinus_rhythm, {});
  Scenario scenario = draw_scenario(patient, 5);
  const SimulatedEcg fine = simulate_ecg(patient, scenario);
  scenario.rate_hz = 100;
  const SimulatedEcg coarse = simulate_ecg(patient, scenario);
  float worst = 0;
  for (std::size_t t = 0; t < 1000; ++t)
    worst = std::max(worst, std::abs(coarse.recording.lead(1)[t] - fine.recording.lead(1)[5 * t]));
  CHECK(worst < 1e-5F);
}

TEST_CASE("simulator: faulty scenarios are refused") {
  const Patient patient = draw_patient(kSeed, 0, Condition::sinus_rhythm, {});
  Scenario scenario;
  scenario.seconds = 0;
  CHECK_THROWS_AS(simulate_ecg(patient, scenario), Error);
  scenario = {};
  scenario.conditions = {Condition::atrial_fibrillation, Condition::first_degree_av_block};
  CHECK_THROWS_AS(simulate_ecg(patient, scenario), Error);
  scenario.conditions = {Condition::long_qt};
  CHECK_THROWS_AS(simulate_ecg(patient, scenario), Error);
  CHECK_THROWS_WITH_AS(parse_condition("AFF"), doctest::Contains("did you mean \"AF"), Error);
  CHECK(parse_condition("164889003") == Condition::atrial_fibrillation);
  CHECK(parse_condition("LBBB") == Condition::left_bundle_branch_block);
  CHECK(parse_condition("17338001") == Condition::premature_ventricular);
}
