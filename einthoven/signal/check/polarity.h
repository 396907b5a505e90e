// A recording with every lead inverted.
//
// All identities, and all angles between leads, are then as before: only the signs of P, QRS and T
// tell. The log odds are linear in the mean and the mean cube of each trace of the beat (weights
// fitted on real recordings by scripts/fit_electrode_order.py).
#pragma once

#include <optional>

#include "einthoven/signal/check/finding.h"
#include "einthoven/signal/check/mean_beat.h"
#include "einthoven/signal/recording.h"

namespace einthoven::signal {

/// Log odds of inverted to upright, the share of the limb leads and that of the precordial leads.
struct PolarityEvidence {
  double limb = 0, chest = 0;
};
PolarityEvidence polarity_evidence(const MeanBeat& beat);

/// A fault if both shares speak for it, and together with kPolarityFault; doubtful from
/// kPolarityDoubtful, but where the limb leads alone are inverted.
inline constexpr double kPolarityDoubtful = 1, kPolarityFault = 6;
std::optional<Finding> check_polarity(const Recording& recording, const MeanBeat& beat);

}  // namespace einthoven::signal
