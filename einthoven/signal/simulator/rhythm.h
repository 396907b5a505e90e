// When the heart beats: RR intervals of sinus rhythm, fibrillation, flutter and ectopy.
#pragma once

#include <vector>

#include "einthoven/base/random.h"
#include "einthoven/signal/simulator/condition.h"

namespace einthoven::signal::simulator {

enum class BeatKind { conducted, atrial_premature, ventricular, paced };

struct Beat {
  double r_time_s = 0;
  double rr_s = 1;  ///< interval before this beat, smoothed: what repolarisation adapts to
  BeatKind kind = BeatKind::conducted;
};

/// Respiration moves heart rate and baseline together.
struct RhythmPlan {
  Condition rhythm = Condition::sinus_rhythm;
  double heart_rate_bpm = 70;
  double respiration_hz = 0.25;
  bool premature_ventricular = false;
  bool premature_atrial = false;
};

/// A flutter cycle is this many seconds; the ventricles follow every n-th one.
double flutter_cycle_s(double heart_rate_bpm);

/// Beats from before 0 until after `seconds`, so that waves of beats outside reach in.
///
/// Sinus: RR varies around its mean with a low-frequency (0.1 Hz) and a respiratory component whose
/// spectrum is a pair of Gaussians (McSharry et al. 2003); sinus arrhythmia has a strong
/// respiratory one. Fibrillation: uncorrelated gamma-like intervals, none under 0.32 s. Flutter:
/// whole multiples of the flutter cycle. Pacing: constant. Ectopic beats come early; after a
/// ventricular one the pause is compensatory, after an atrial one the sinus node is reset.
std::vector<Beat> make_beats(const RhythmPlan& plan, double seconds, RandomStream& random);

}  // namespace einthoven::signal::simulator
