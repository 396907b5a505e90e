#include "einthoven/signal/simulator/ecg_simulator.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/signal/simulator/annotate.h"
#include "einthoven/signal/simulator/atrial_waves.h"
#include "einthoven/signal/simulator/beat_shape.h"
#include "einthoven/signal/simulator/dipole_model.h"
#include "einthoven/signal/simulator/rhythm.h"

namespace einthoven::signal::simulator {
namespace {

constexpr double kLongest = 24 * 3600;

bool has_p_waves(Condition rhythm) {
  return rhythm != Condition::atrial_fibrillation && rhythm != Condition::atrial_flutter &&
         rhythm != Condition::paced_rhythm;
}

/// The shapes of all kinds of beat of one recording.
class BeatShapes {
 public:
  BeatShapes(const Patient& patient, std::span<const Condition> conditions)
      : conducted_(conducted_beat(patient, conditions)),
        ventricular_(ventricular_beat(patient)),
        atrial_(atrial_premature_beat(patient, conducted_)),
        paced_(paced_beat(patient)) {
    if (!has_p_waves(rhythm_of(conditions)))
      std::erase_if(conducted_.waves, [](const Wave& w) { return w.group == WaveGroup::p; });
  }
  const BeatShape& of(BeatKind kind) const {
    switch (kind) {
      case BeatKind::ventricular:
        return ventricular_;
      case BeatKind::atrial_premature:
        return atrial_;
      case BeatKind::paced:
        return paced_;
      case BeatKind::conducted:
        break;
    }
    return conducted_;
  }

 private:
  BeatShape conducted_;
  BeatShape ventricular_;
  BeatShape atrial_;
  BeatShape paced_;
};

std::vector<TimedBeat> timed_beats(std::span<const Beat> beats, const BeatShapes& shapes) {
  std::vector<TimedBeat> timed;
  for (const Beat& beat : beats)
    timed.push_back({beat.r_time_s, beat.rr_s, adapted_to(shapes.of(beat.kind), beat.rr_s)});
  return timed;
}

/// A pacemaker's stimulus is far shorter than a wave: two milliseconds of constant voltage.
void add_spikes(DipoleTrack& track, std::span<const TimedBeat> beats, double rate_hz) {
  const auto width = std::max<std::int64_t>(1, std::lround(0.002 * rate_hz));
  const auto length = static_cast<std::int64_t>(track[0].size());
  for (const TimedBeat& beat : beats) {
    if (!beat.shape.spike_s) continue;
    const std::int64_t start = std::lround((beat.r_time_s + *beat.shape.spike_s) * rate_hz);
    for (std::int64_t i = std::max<std::int64_t>(start, 0); i < std::min(start + width, length);
         ++i) {
      track[0][static_cast<std::size_t>(i)] += beat.shape.spike_mv.x;
      track[1][static_cast<std::size_t>(i)] += beat.shape.spike_mv.y;
      track[2][static_cast<std::size_t>(i)] += beat.shape.spike_mv.z;
    }
  }
}

ElectrodePotentials project(const DipoleTrack& track, const Torso& torso) {
  ElectrodePotentials potentials;
  for (std::size_t e = 0; e < kElectrodeCount; ++e) {
    const Dipole& field = torso.lead_vector(e);
    potentials[e].resize(track[0].size());
    for (std::size_t i = 0; i < track[0].size(); ++i)
      potentials[e][i] =
          static_cast<float>(field.x * track[0][i] + field.y * track[1][i] + field.z * track[2][i]);
  }
  return potentials;
}

std::string_view rhythm_mark(Condition rhythm) {
  switch (rhythm) {
    case Condition::atrial_fibrillation:
      return "(AFIB";
    case Condition::atrial_flutter:
      return "(AFL";
    case Condition::sinus_bradycardia:
      return "(SBR";
    case Condition::paced_rhythm:
      return "(P";
    default:
      return "(N";
  }
}

double rate_inside(std::span<const Beat> beats, double seconds) {
  double first = -1;
  double last = -1;
  int count = 0;
  for (const Beat& beat : beats) {
    if (beat.r_time_s < 0 || beat.r_time_s >= seconds) continue;
    if (count++ == 0) first = beat.r_time_s;
    last = beat.r_time_s;
  }
  return count > 1 ? 60 * (count - 1) / (last - first) : 0;
}

Intervals intervals_of(const BeatShape& shape, std::span<const Beat> beats, double seconds) {
  Intervals intervals;
  intervals.heart_rate_bpm = rate_inside(beats, seconds);
  const auto qrs = bounds_of(shape, WaveGroup::qrs);
  const auto p = bounds_of(shape, WaveGroup::p);
  const auto t = bounds_of(shape, WaveGroup::t);
  intervals.qrs_ms = 1000 * (qrs->offset_s - qrs->onset_s);
  intervals.qt_ms = 1000 * (t->offset_s - qrs->onset_s);
  if (p) intervals.pr_ms = 1000 * (qrs->onset_s - p->onset_s);
  return intervals;
}

void add_atrial_waves(DipoleTrack& track, const Patient& patient, const Scenario& scenario,
                      std::span<const Beat> beats) {
  const Condition rhythm = rhythm_of(scenario.conditions);
  RandomStream random(patient.seed, "simulator.atria", 0, scenario.record);
  if (rhythm == Condition::atrial_fibrillation)
    add_fibrillatory_waves(track, scenario.rate_hz, patient, random);
  if (rhythm == Condition::atrial_flutter)
    add_flutter_waves(track, scenario.rate_hz, patient, flutter_cycle_s(scenario.heart_rate_bpm),
                      beats.front().r_time_s);
}

/// Noise at the electrodes, then the leads; a chest electrode that is off gives a flat lead.
Recording record_leads(ElectrodePotentials& potentials, const Patient& patient,
                       const Scenario& scenario, double respiration_hz) {
  RandomStream random(patient.seed, "simulator.noise", 0, scenario.record);
  const NoiseReport report = add_noise(
      potentials, scenario.noise, {scenario.rate_hz, patient.mains_hz, respiration_hz}, random);
  Recording recording = leads_of(potentials, scenario.rate_hz);
  for (const std::string& name : report.flat_leads)
    std::ranges::fill(recording.lead(*recording.find_lead(name)), 0.0F);
  recording.notes = report.notes;
  return recording;
}

}  // namespace

void check_scenario(const Scenario& scenario) {
  const auto fail = [](std::string_view field, auto got, std::string_view want) {
    throw usage_error(
        fmt::format("simulate: {}: out of range (got {}, want {})", field, got, want));
  };
  if (!(scenario.seconds >= 1 && scenario.seconds <= kLongest))
    fail("seconds", scenario.seconds, "1 to 86400");
  if (!(scenario.rate_hz >= 50 && scenario.rate_hz <= 10000))
    fail("rate", scenario.rate_hz, "50 to 10000 Hz");
  if (!(scenario.heart_rate_bpm >= 20 && scenario.heart_rate_bpm <= 250))
    fail("heart rate", scenario.heart_rate_bpm, "20 to 250 beats/min");
  rhythm_of(scenario.conditions);
  for (const Condition a : scenario.conditions)
    for (const Condition b : scenario.conditions)
      if (!compatible(a, b))
        throw usage_error(fmt::format("simulate: conditions: {} and {} exclude each other",
                                      info_of(a).name, info_of(b).name));
}

SimulatedEcg simulate_ecg(const Patient& patient, const Scenario& scenario) {
  check_scenario(scenario);
  RandomStream random(patient.seed, "simulator.rhythm", 0, scenario.record);
  RhythmPlan plan;
  plan.rhythm = rhythm_of(scenario.conditions);
  plan.heart_rate_bpm = scenario.heart_rate_bpm;
  plan.respiration_hz = random.uniform(0.18, 0.32);
  plan.premature_ventricular = contains(scenario.conditions, Condition::premature_ventricular);
  plan.premature_atrial = contains(scenario.conditions, Condition::premature_atrial);
  const std::vector<Beat> beats = make_beats(plan, scenario.seconds, random);
  const BeatShapes shapes(patient, scenario.conditions);
  const std::vector<TimedBeat> timed = timed_beats(beats, shapes);

  const auto samples = static_cast<std::size_t>(std::llround(scenario.seconds * scenario.rate_hz));
  DipoleTrack track = integrate_dipole(timed, samples, scenario.rate_hz);
  add_spikes(track, timed, scenario.rate_hz);
  add_atrial_waves(track, patient, scenario, beats);
  ElectrodePotentials potentials = project(track, patient.torso);

  SimulatedEcg ecg;
  ecg.recording = record_leads(potentials, patient, scenario, plan.respiration_hz);
  ecg.recording.annotations =
      annotate_waves(beats, timed, ecg.recording.length(), scenario.rate_hz);
  ecg.recording.annotations.insert(ecg.recording.annotations.begin(),
                                   {0, "+", 0, 0, 0, std::string(rhythm_mark(plan.rhythm))});
  ecg.conditions = scenario.conditions;
  const BeatKind usual =
      plan.rhythm == Condition::paced_rhythm ? BeatKind::paced : BeatKind::conducted;
  ecg.intervals = intervals_of(adapted_to(shapes.of(usual), 60 / scenario.heart_rate_bpm), beats,
                               scenario.seconds);
  return ecg;
}

}  // namespace einthoven::signal::simulator
