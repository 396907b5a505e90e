#include "einthoven/signal/simulator/rhythm.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>

namespace einthoven::signal::simulator {
namespace {

constexpr double kLead = 2.5;  // seconds of beats before and after the recording
constexpr double kSlowHz = 0.1;
constexpr double kBandWidthHz = 0.01;
constexpr std::size_t kPartials = 6;  // cosines per band

/// A random process with two Gaussian bands in its spectrum, as a sum of cosines whose frequencies
/// are drawn from the bands.
class IntervalProcess {
 public:
  IntervalProcess(double slow_s, double respiratory_s, double respiration_hz,
                  RandomStream& random) {
    for (std::size_t i = 0; i < partials_.size(); ++i) {
      const bool slow = i < kPartials;
      const double deviation = slow ? slow_s : respiratory_s;
      partials_[i] = {random.normal(slow ? kSlowHz : respiration_hz, kBandWidthHz),
                      random.uniform(0, 2 * std::numbers::pi),
                      deviation * std::sqrt(2.0 / kPartials)};
    }
  }
  double at(double time_s) const {
    double sum = 0;
    for (const auto& [frequency, phase, amplitude] : partials_)
      sum += amplitude * std::cos(2 * std::numbers::pi * frequency * time_s + phase);
    return sum;
  }

 private:
  struct Partial {
    double frequency;
    double phase;
    double amplitude;
  };
  std::array<Partial, 2 * kPartials> partials_;
};

using NextInterval = std::function<double(double time_s)>;

NextInterval sinus_intervals(const RhythmPlan& plan, double mean, RandomStream& random) {
  const bool respiratory = plan.rhythm == Condition::sinus_arrhythmia;
  const double slow = 0.018 * mean;
  const double fast = respiratory ? random.uniform(0.11, 0.16) * mean : 0.022 * mean;
  const IntervalProcess process(slow, fast, plan.respiration_hz, random);
  return [process, mean](double time) {
    return mean + std::clamp(process.at(time), -0.35 * mean, 0.45 * mean);
  };
}

NextInterval fibrillation_intervals(double mean, RandomStream& random) {
  constexpr double kShortest = 0.32;
  constexpr int kShape = 4;  // sum of exponentials: a gamma density
  return [mean, &random](double) {
    double sum = 0;
    for (int i = 0; i < kShape; ++i) sum -= std::log(1 - random.uniform());
    const double free = std::max(mean - kShortest, 0.12);
    return kShortest + std::min(free * sum / kShape, 1.6);
  };
}

NextInterval flutter_intervals(double mean, RandomStream& random) {
  const double cycle = flutter_cycle_s(60 / mean);
  const double ratio = std::round(mean / cycle);
  const bool variable = random.uniform() < 0.4;
  return [=, &random](double) {
    const double jump = variable && random.uniform() < 0.35 ? (random.uniform() < 0.5 ? -1 : 1) : 0;
    return std::max(2.0, ratio + jump) * cycle;
  };
}

NextInterval intervals_of(const RhythmPlan& plan, RandomStream& random) {
  const double mean = 60 / plan.heart_rate_bpm;
  switch (plan.rhythm) {
    case Condition::atrial_fibrillation:
      return fibrillation_intervals(mean, random);
    case Condition::atrial_flutter:
      return flutter_intervals(mean, random);
    case Condition::paced_rhythm:
      return [mean](double) { return mean; };
    default:
      return sinus_intervals(plan, mean, random);
  }
}

/// Replaces about one beat in six, never two in a row and at least one inside the recording.
void add_ectopy(std::vector<Beat>& beats, BeatKind kind, double seconds, RandomStream& random) {
  const double coupling = random.uniform(0.56, 0.7);
  std::vector<std::size_t> inside;
  for (std::size_t i = 1; i + 1 < beats.size(); ++i)
    if (beats[i].r_time_s > 0.8 && beats[i].r_time_s < seconds - 0.5) inside.push_back(i);
  if (inside.empty()) return;
  const std::size_t sure = inside[random.below(inside.size())];
  double shift = 0;
  for (std::size_t i = 1; i < beats.size(); ++i) {
    beats[i].r_time_s += shift;
    const bool after_ectopic = beats[i - 1].kind != BeatKind::conducted;
    const bool before_sure = i + 1 == sure;
    const bool chosen = i == sure || (!before_sure && random.uniform() < 0.16);
    if (after_ectopic || !chosen) continue;
    const double interval = beats[i].r_time_s - beats[i - 1].r_time_s;
    const double early = (1 - coupling) * interval;
    beats[i].kind = kind;
    beats[i].r_time_s -= early;
    if (kind == BeatKind::atrial_premature) shift -= 0.8 * early;  // reset, slightly delayed
  }
}

}  // namespace

double flutter_cycle_s(double heart_rate_bpm) {
  const double interval = 60 / heart_rate_bpm;
  return interval / std::max(2.0, std::round(interval / 0.2));
}

std::vector<Beat> make_beats(const RhythmPlan& plan, double seconds, RandomStream& random) {
  const NextInterval next = intervals_of(plan, random);
  const BeatKind kind =
      plan.rhythm == Condition::paced_rhythm ? BeatKind::paced : BeatKind::conducted;
  std::vector<Beat> beats;
  double time = -kLead + random.uniform() * 60 / plan.heart_rate_bpm;
  // An ectopic beat that resets the sinus node pulls later beats forward: a margin for that.
  const double end = seconds + kLead + (plan.premature_atrial ? 0.25 * seconds : 0);
  double memory = 60 / plan.heart_rate_bpm;
  while (time < end) {
    beats.push_back({time, memory, kind});
    const double interval = next(time);
    memory = 0.5 * memory + 0.5 * interval;
    time += interval;
  }
  if (plan.premature_ventricular) add_ectopy(beats, BeatKind::ventricular, seconds, random);
  if (plan.premature_atrial) add_ectopy(beats, BeatKind::atrial_premature, seconds, random);
  return beats;
}

}  // namespace einthoven::signal::simulator
