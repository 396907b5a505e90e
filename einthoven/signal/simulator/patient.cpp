#include "einthoven/signal/simulator/patient.h"

#include <algorithm>

namespace einthoven::signal::simulator {
namespace {

constexpr double kSecondConditionShare = 0.25;
constexpr double kTorsoSpread = 0.08;

double between(double value, double low, double high) { return std::clamp(value, low, high); }

/// Old hearts have blocks and fibrillation, young ones respiratory arrhythmia.
double typical_age(Condition primary) {
  switch (primary) {
    case Condition::sinus_arrhythmia:
      return 32;
    case Condition::sinus_tachycardia:
      return 48;
    case Condition::atrial_fibrillation:
    case Condition::atrial_flutter:
    case Condition::left_bundle_branch_block:
      return 71;
    case Condition::paced_rhythm:
      return 76;
    default:
      return 58;
  }
}

double axis_of(std::span<const Condition> chronic, double age, RandomStream& random) {
  if (contains(chronic, Condition::left_axis_deviation)) return random.uniform(-75, -38);
  if (contains(chronic, Condition::right_axis_deviation)) return random.uniform(102, 150);
  return between(random.normal(60 - 0.35 * (age - 40), 20), -20, 88);
}

void maybe_add_second(std::vector<Condition>& chronic, std::span<const Condition> allowed,
                      RandomStream& random) {
  if (random.uniform() >= kSecondConditionShare || allowed.empty()) return;
  const Condition second = allowed[random.below(allowed.size())];
  if (info_of(second).group != ConditionGroup::rhythm && second != chronic.front() &&
      compatible(chronic.front(), second))
    chronic.push_back(second);
}

}  // namespace

Patient draw_patient(std::uint64_t seed, std::uint64_t number, Condition primary,
                     std::span<const Condition> allowed) {
  RandomStream random(seed, "simulator.patient", 0, number);
  Patient patient;
  patient.seed = seed;
  patient.number = number;
  patient.chronic = {primary};
  maybe_add_second(patient.chronic, allowed, random);
  patient.age = static_cast<int>(between(random.normal(typical_age(primary), 13), 18, 95));
  patient.male = random.uniform() < 0.5;
  patient.resting_rate_bpm = between(random.normal(patient.male ? 69 : 73, 9), 61, 96);
  const bool block = contains(patient.chronic, Condition::first_degree_av_block);
  patient.pr_s = block ? random.uniform(0.225, 0.31)
                       : between(random.normal(0.142 + 0.0003 * patient.age, 0.014), 0.125, 0.19);
  const bool long_qt = contains(patient.chronic, Condition::long_qt);
  const double usual_qtc = patient.male ? 0.403 : 0.412;
  patient.qtc_s =
      long_qt ? random.uniform(0.495, 0.56) : between(random.normal(usual_qtc, 0.013), 0.37, 0.44);
  patient.axis_deg = axis_of(patient.chronic, patient.age, random);
  patient.amplitude = between(random.normal(patient.male ? 1.0 : 0.9, 0.15), 0.65, 1.4);
  patient.mains_hz = random.uniform() < 0.5 ? 50 : 60;
  patient.torso = Torso(random, kTorsoSpread);
  return patient;
}

}  // namespace einthoven::signal::simulator
