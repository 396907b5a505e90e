// What makes one simulated person's ECG his or her own, recording after recording.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "einthoven/signal/simulator/condition.h"
#include "einthoven/signal/simulator/torso.h"

namespace einthoven::signal::simulator {

struct Patient {
  std::uint64_t seed = 0;    ///< of the whole simulation
  std::uint64_t number = 0;  ///< 0, 1, ...
  int age = 50;              ///< years at the first recording
  bool male = true;
  double resting_rate_bpm = 70;
  double pr_s = 0.16;              ///< onset of P to onset of QRS
  double qtc_s = 0.41;             ///< QT at 60 beats a minute (Fridericia)
  double axis_deg = 45;            ///< electrical axis of QRS in the frontal plane
  double amplitude = 1;            ///< factor of the whole dipole
  double mains_hz = 50;            ///< of the place where the patient is recorded
  std::vector<Condition> chronic;  ///< seen in every recording (bundle branch block, ...)
  Torso torso;
};

/// A plausible person: rates, intervals, voltage and axis depend on age and sex as in healthy
/// adults (Rijnbeek et al. 2014); `chronic` starts with `primary` and may hold one more condition
/// of `allowed`. Depends only on (seed, number, primary, allowed).
Patient draw_patient(std::uint64_t seed, std::uint64_t number, Condition primary,
                     std::span<const Condition> allowed);

}  // namespace einthoven::signal::simulator
