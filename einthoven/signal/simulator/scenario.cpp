// Draws what one recording of a patient shows.
#include <algorithm>

#include "einthoven/signal/simulator/ecg_simulator.h"

namespace einthoven::signal::simulator {
namespace {

/// Mean ventricular rate that belongs to a rhythm; sinus rhythm stays near the patient's own.
double draw_rate(Condition rhythm, const Patient& patient, RandomStream& random) {
  switch (rhythm) {
    case Condition::sinus_bradycardia:
      return random.uniform(42, 57);
    case Condition::sinus_tachycardia:
      return random.uniform(104, 145);
    case Condition::sinus_arrhythmia:
      return random.uniform(62, 82);
    case Condition::atrial_fibrillation:
      return random.uniform(65, 130);
    case Condition::atrial_flutter: {
      constexpr double kConduction[] = {2, 3, 4, 4};
      return random.uniform(265, 315) / kConduction[random.below(4)];
    }
    case Condition::paced_rhythm:
      return 60 + 5 * static_cast<double>(random.below(5));
    default:
      return std::clamp(patient.resting_rate_bpm + random.normal(0, 5), 62.0, 97.0);
  }
}

}  // namespace

Scenario draw_scenario(const Patient& patient, std::uint64_t record) {
  RandomStream random(patient.seed, "simulator.scenario", 0, record);
  Scenario scenario;
  scenario.record = record;
  scenario.conditions = patient.chronic;
  const bool has_rhythm = std::ranges::any_of(patient.chronic, [](Condition condition) {
    return info_of(condition).group == ConditionGroup::rhythm;
  });
  if (!has_rhythm) scenario.conditions.insert(scenario.conditions.begin(), Condition::sinus_rhythm);
  scenario.heart_rate_bpm = draw_rate(rhythm_of(scenario.conditions), patient, random);
  return scenario;
}

}  // namespace einthoven::signal::simulator
