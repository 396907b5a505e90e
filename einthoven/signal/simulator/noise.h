// Disturbances of a recording, made at the electrodes so that the leads stay consistent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/random.h"
#include "einthoven/signal/simulator/torso.h"

namespace einthoven::signal::simulator {

/// Sizes in millivolts (root mean square unless said otherwise); all zero: a clean signal.
struct NoiseLevels {
  double wander_mv = 0;     ///< baseline wander by respiration and drifting skin potentials
  double muscle_mv = 0;     ///< electromyogram, 20 to 150 Hz, in slow bursts
  double mains_mv = 0;      ///< amplitude of the power line's 50 or 60 Hz
  double amplifier_mv = 0;  ///< white
  double motion_share = 0;  ///< probability that one electrode moves
  double motion_mv = 0;     ///< height of such an artefact
  double poor_share = 0;    ///< probability that one electrode has a poor contact
  double flat_share = 0;    ///< probability that one chest electrode is off: its lead is flat
};

/// "none", "low", "typical" (a resting ECG in a clinic) or "high" (ambulance); usage error
/// otherwise.
NoiseLevels noise_levels(std::string_view grade);
std::vector<std::string> noise_grades();

struct NoisePlace {
  double rate_hz = 500;
  double mains_hz = 50;
  double respiration_hz = 0.25;
};

/// What was done, for the notes of the recording; chest leads that are flat are returned by name.
struct NoiseReport {
  std::vector<std::string> notes;
  std::vector<std::string> flat_leads;
};

/// Adds noise to the potentials of the electrodes.
NoiseReport add_noise(ElectrodePotentials& potentials, const NoiseLevels& levels,
                      const NoisePlace& place, RandomStream& random);

}  // namespace einthoven::signal::simulator
