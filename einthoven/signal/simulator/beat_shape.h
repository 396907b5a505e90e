// One heart beat as a sum of Gaussian waves of the dipole.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "einthoven/signal/simulator/condition.h"
#include "einthoven/signal/simulator/dipole.h"
#include "einthoven/signal/simulator/patient.h"

namespace einthoven::signal::simulator {

enum class WaveGroup { p, qrs, st, t };

/// A Gaussian event of the dynamical model, in seconds relative to R at 60 beats a minute.
struct Wave {
  WaveGroup group = WaveGroup::qrs;
  double centre_s = 0;
  double width_s = 0;  ///< standard deviation
  Dipole moment_mv;
};

/// Waves and, for paced beats, the stimulus.
struct BeatShape {
  std::vector<Wave> waves;
  Dipole spike_mv;
  std::optional<double> spike_s;
};

/// When a wave group starts, peaks and ends, in seconds relative to R.
struct WaveBounds {
  double onset_s = 0;
  double peak_s = 0;
  double offset_s = 0;
};

/// A beat conducted from the atria, with the patient's conditions and small personal deviations.
BeatShape conducted_beat(const Patient& patient, std::span<const Condition> conditions);
/// A premature beat of the patient's ventricular focus: wide, tall, with opposite T, without P.
BeatShape ventricular_beat(const Patient& patient);
/// A conducted beat whose P wave comes from an ectopic atrial focus.
BeatShape atrial_premature_beat(const Patient& patient, const BeatShape& conducted);
/// Stimulus in the apex of the right ventricle.
BeatShape paced_beat(const Patient& patient);

/// The beat after an RR interval of `rr_s`: ST and T follow the cube root of RR (Fridericia), QRS
/// keeps its width, P moves slightly.
BeatShape adapted_to(const BeatShape& shape, double rr_s);

/// Bounds where the length of the group's vector falls under 3 % of its peak; nothing if the beat
/// has no such wave.
std::optional<WaveBounds> bounds_of(const BeatShape& shape, WaveGroup group);

/// The group's dipole at a time relative to R.
Dipole dipole_at(const BeatShape& shape, WaveGroup group, double time_s);

}  // namespace einthoven::signal::simulator
