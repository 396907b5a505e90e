// Beats that start in the ventricles: ectopic foci and the pacemaker's electrode.
#include <array>

#include "einthoven/signal/simulator/beat_shape.h"

namespace einthoven::signal::simulator {
namespace {

using enum WaveGroup;

/// Slow spread from one spot: two broad waves along and across `axis`, then discordant ST and T.
BeatShape spread_from_focus(const Dipole& axis, const Dipole& across, double stretch) {
  BeatShape shape;
  shape.waves = {{qrs, -0.030 * stretch, 0.017 * stretch, axis * 0.55 + across * 0.5},
                 {qrs, 0.000, 0.018 * stretch, axis},
                 {qrs, 0.042 * stretch, 0.018 * stretch, axis * 0.5 + across * -0.55},
                 {st, 0.150, 0.050, axis * -0.12},
                 {t, 0.225, 0.050, axis * -0.22},
                 {t, 0.295, 0.038, axis * -0.28}};
  return shape;
}

}  // namespace

BeatShape ventricular_beat(const Patient& patient) {
  constexpr std::array<Dipole, 3> kFoci = {{
      {0.35, 1.25, 1.00},     // outflow tract: like left bundle branch block, inferior axis
      {-0.60, -0.95, -0.95},  // left ventricle, inferior wall: like right bundle branch block
      {0.90, -0.95, 0.95},    // right ventricle, apex: left superior axis
  }};
  RandomStream random(patient.seed, "simulator.ventricular_focus", 0, patient.number);
  const Dipole axis =
      kFoci[random.below(kFoci.size())] * (random.uniform(0.95, 1.3) * patient.amplitude);
  const Dipole across = Dipole{axis.y, -axis.x, 0.4 * axis.z} * 0.4;
  return spread_from_focus(axis, across, random.uniform(0.95, 1.15));
}

BeatShape paced_beat(const Patient& patient) {
  RandomStream random(patient.seed, "simulator.pacemaker", 0, patient.number);
  const Dipole axis = Dipole{0.55, -0.95, 0.95} * (random.uniform(0.85, 1.15) * patient.amplitude);
  const Dipole across = Dipole{0.5, 0.2, 0.1} * patient.amplitude;
  BeatShape shape = spread_from_focus(axis, across, random.uniform(1.0, 1.15));
  shape.spike_s = bounds_of(shape, qrs)->onset_s - 0.004;
  shape.spike_mv = Dipole{0.6, -0.9, 0.7} * random.uniform(0.5, 1.5);
  return shape;
}

}  // namespace einthoven::signal::simulator
