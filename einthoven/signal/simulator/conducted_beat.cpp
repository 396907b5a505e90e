// Waves of conducted beats. Moments are in Frank's frame; with Dower's matrix they give the
// textbook patterns: r/S in V1 growing to R in V5, P of 0.15 mV in II, upright T in I, II, V2-V6.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "einthoven/signal/simulator/beat_shape.h"

namespace einthoven::signal::simulator {
namespace {

using Waves = std::vector<Wave>;
using enum WaveGroup;
constexpr double kRadiansPerDegree = std::numbers::pi / 180;
constexpr Dipole kNormalT = {0.27, 0.21, -0.15};

Waves normal_qrs() {
  return {{qrs, -0.024, 0.0075, {-0.16, -0.08, -0.24}},
          {qrs, -0.010, 0.0090, {0.35, 0.20, -0.30}},
          {qrs, 0.000, 0.0095, {0.95, 0.80, 0.28}},
          {qrs, 0.019, 0.0095, {-0.12, -0.22, 0.55}}};
}

/// The right ventricle follows late: R' in V1, broad S in I and V6.
Waves right_bundle_branch_block_qrs() {
  return {{qrs, -0.024, 0.0075, {-0.16, -0.08, -0.26}},
          {qrs, -0.009, 0.0090, {0.40, 0.25, -0.20}},
          {qrs, 0.000, 0.0100, {0.85, 0.70, 0.35}},
          {qrs, 0.022, 0.0100, {0.05, -0.10, 0.35}},
          {qrs, 0.058, 0.0180, {-0.55, -0.04, -0.62}}};
}

/// The septum from right to left, then the left ventricle slowly: broad notched R in I, V5, V6,
/// deep S in V1 to V3.
Waves left_bundle_branch_block_qrs() {
  return {{qrs, -0.040, 0.0120, {0.30, 0.10, 0.18}},
          {qrs, -0.012, 0.0150, {0.85, 0.45, 0.70}},
          {qrs, 0.020, 0.0150, {0.48, 0.18, 0.95}},
          {qrs, 0.048, 0.0150, {0.80, 0.22, 0.72}}};
}

double onset_of(const Waves& waves) { return bounds_of({waves, {}, {}}, qrs)->onset_s; }

void turn_to_axis(Waves& waves, const Torso& torso, double axis_deg) {
  Dipole area;
  for (const Wave& wave : waves) area = area + wave.moment_mv * wave.width_s;
  double best = 0;
  double smallest = 360;
  for (int turn = -180; turn < 180; ++turn) {
    const auto lead = torso.leads(area.turned_frontal(turn * kRadiansPerDegree));
    const double axis = std::atan2(2 / std::sqrt(3.0) * lead[5], lead[0]) / kRadiansPerDegree;
    const double gap = std::abs(std::remainder(axis - axis_deg, 360));
    if (gap >= smallest) continue;
    smallest = gap;
    best = turn;
  }
  for (Wave& wave : waves) wave.moment_mv = wave.moment_mv.turned_frontal(best * kRadiansPerDegree);
}

/// Two Gaussians: T rises slowly and falls fast. `end_s` is where it ends at 60 beats a minute.
void add_t(Waves& waves, const Dipole& moment, double end_s) {
  const double crest = end_s - 0.074;
  waves.push_back({t, crest - 0.055, 0.048, moment * 0.5});
  waves.push_back({t, crest, 0.030, moment * 0.65});
}

void add_st(Waves& waves, const Dipole& moment, double j_point_s) {
  constexpr std::array<std::array<double, 2>, 3> kPlateau = {
      {{0.050, 0.034}, {0.110, 0.042}, {0.175, 0.045}}};
  for (const auto& [after, width] : kPlateau)
    waves.push_back({st, j_point_s + after, width, moment * 0.75});
}

/// Right atrium first (downwards, to the front), then the left one (to the left and the back).
void add_p(Waves& waves, double onset_s) {
  waves.push_back({p, onset_s + 0.041, 0.016, {0.04, 0.10, -0.045}});
  waves.push_back({p, onset_s + 0.067, 0.016, {0.08, 0.05, 0.050}});
}

void add_repolarisation(Waves& waves, const Patient& patient, std::span<const Condition> conditions,
                        RandomStream& random) {
  const double onset = onset_of(waves);
  const double end = onset + patient.qtc_s;
  const double strength = random.uniform(0.8, 1.2);
  if (contains(conditions, Condition::left_bundle_branch_block)) {
    const Dipole opposite = Dipole{-0.26, -0.10, -0.34} * strength;
    add_st(waves, opposite * 0.3, 0.075);
    add_t(waves, opposite, end + 0.035);
  } else if (contains(conditions, Condition::right_bundle_branch_block)) {
    add_t(waves, Dipole{0.28, 0.20, 0.18} * strength, end + 0.03);
  } else if (contains(conditions, Condition::t_wave_inversion)) {
    add_t(waves, kNormalT * (-1.05 * strength), end);
  } else if (contains(conditions, Condition::st_elevation)) {
    constexpr std::array<Dipole, 3> kTerritories = {
        {{0.15, 0.0, -0.25}, {0.0, 0.26, 0.05}, {0.28, -0.06, 0.05}}};
    const Dipole injury = kTerritories[random.below(3)] * strength;
    add_st(waves, injury, onset + 0.09);
    add_t(waves, kNormalT * 0.6 + injury * 0.8, end);
  } else {
    const double follow = 0.3 * (patient.axis_deg - 45) * kRadiansPerDegree;
    add_t(waves, kNormalT.turned_frontal(follow) * strength, end);
  }
}

void make_personal(Waves& waves, RandomStream& random) {
  for (Wave& wave : waves) {
    const double size = 0.1 * wave.moment_mv.length();
    wave.moment_mv = wave.moment_mv +
                     Dipole{random.normal(0, size), random.normal(0, size), random.normal(0, size)};
    wave.width_s *= std::clamp(random.normal(1, 0.05), 0.88, 1.12);
  }
}

/// Low voltage means less than 0.5 mV in every limb lead and 1 mV in every chest lead.
void limit_voltage(BeatShape& shape, const Torso& torso) {
  std::array<double, 12> low{};
  std::array<double, 12> high{};
  for (double time = -0.06; time < 0.12; time += 0.001) {
    const auto lead = torso.leads(dipole_at(shape, qrs, time));
    for (std::size_t i = 0; i < lead.size(); ++i) {
      low[i] = std::min(low[i], lead[i]);
      high[i] = std::max(high[i], lead[i]);
    }
  }
  double factor = 1;
  for (std::size_t i = 0; i < low.size(); ++i)
    factor = std::min(factor, (i < 6 ? 0.36 : 0.72) / (high[i] - low[i]));
  for (Wave& wave : shape.waves)
    wave.moment_mv = wave.moment_mv * (wave.group == qrs ? factor : std::sqrt(factor));
}

Waves depolarisation(const Patient& patient, std::span<const Condition> conditions) {
  if (contains(conditions, Condition::left_bundle_branch_block)) {
    Waves waves = left_bundle_branch_block_qrs();
    turn_to_axis(waves, patient.torso, std::clamp(patient.axis_deg - 35, -40.0, 40.0));
    return waves;
  }
  if (contains(conditions, Condition::right_bundle_branch_block))
    return right_bundle_branch_block_qrs();
  Waves waves = normal_qrs();
  turn_to_axis(waves, patient.torso, patient.axis_deg);
  return waves;
}

}  // namespace

BeatShape conducted_beat(const Patient& patient, std::span<const Condition> conditions) {
  RandomStream random(patient.seed, "simulator.conducted_beat", 0, patient.number);
  BeatShape shape;
  shape.waves = depolarisation(patient, conditions);
  make_personal(shape.waves, random);
  const double transition = random.normal(0, 10) * kRadiansPerDegree;
  for (Wave& wave : shape.waves) wave.moment_mv = wave.moment_mv.turned_horizontal(transition);
  add_repolarisation(shape.waves, patient, conditions, random);
  add_p(shape.waves, onset_of(shape.waves) - patient.pr_s);
  for (Wave& wave : shape.waves) wave.moment_mv = wave.moment_mv * patient.amplitude;
  if (contains(conditions, Condition::low_qrs_voltage)) limit_voltage(shape, patient.torso);
  return shape;
}

BeatShape atrial_premature_beat(const Patient& patient, const BeatShape& conducted) {
  RandomStream random(patient.seed, "simulator.atrial_focus", 0, patient.number);
  const double turn = random.uniform(100, 200) * kRadiansPerDegree;
  BeatShape shape = conducted;
  for (Wave& wave : shape.waves)
    if (wave.group == p) wave.moment_mv = wave.moment_mv.turned_frontal(turn);
  return shape;
}

}  // namespace einthoven::signal::simulator
