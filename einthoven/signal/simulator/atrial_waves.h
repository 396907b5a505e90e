// Atrial activity that is not tied to the beats: f waves of fibrillation, flutter's sawtooth.
#pragma once

#include "einthoven/base/random.h"
#include "einthoven/signal/simulator/dipole_model.h"
#include "einthoven/signal/simulator/patient.h"

namespace einthoven::signal::simulator {

/// Fibrillation: a sawtooth-like wave of five harmonics whose rate (5 to 8 Hz) and size wander, as
/// in the model of Stridh and Soernmo (2001); largest in V1.
void add_fibrillatory_waves(DipoleTrack& track, double rate_hz, const Patient& patient,
                            RandomStream& random);

/// Flutter: a sawtooth of one cycle in `cycle_s`, slow fall and quick rise, negative in II, III and
/// aVF, positive in V1. The wave runs in step with the beats from `first_r_s` on.
void add_flutter_waves(DipoleTrack& track, double rate_hz, const Patient& patient, double cycle_s,
                       double first_r_s);

}  // namespace einthoven::signal::simulator
