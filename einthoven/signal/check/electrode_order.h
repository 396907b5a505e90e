// Exchanged electrodes, told by the shape of the beat.
//
// An exchange of RA, LA and LL, like an inversion of all limb leads, keeps Einthoven's and
// Goldberger's identities: only the directions of P, QRS and T against the precordial leads tell.
// Every hypothesis h (undo this exchange) has the score w . phi(h(beat)) with features phi that do
// not depend on amplitude; the weights w maximise the likelihood of "nothing was exchanged" on real
// recordings (conditional logit, McFadden 1974; scripts/fit_electrode_order.py). What is found and
// what is missed: docs/check.md. Not a diagnosis: dextrocardia looks like RA and LA exchanged.
#pragma once

#include <optional>
#include <vector>

#include "einthoven/signal/check/finding.h"
#include "einthoven/signal/check/mean_beat.h"
#include "einthoven/signal/recording.h"

namespace einthoven::signal {

/// The best hypothesis other than "as stored", and how much better it explains the beat (log odds).
struct OrderEvidence {
  std::size_t hypothesis = 0;
  double log_odds = 0;
};

/// Hypotheses 0 to 6: as stored; LA-LL, RA-LA exchanged; the two rotations; RA-LL exchanged; all
/// limb leads inverted.
OrderEvidence limb_electrode_evidence(const MeanBeat& beat);
/// Log likelihood of the limb leads as stored, up to a constant of the recording.
double limb_order_score(const MeanBeat& beat);
/// Hypotheses 0 to 22: as stored; Va-Vb exchanged in the order 12, 13, ..., 56; V1 to V6 reversed;
/// V1, ..., V6 inverted.
OrderEvidence precordial_evidence(const MeanBeat& beat);

/// Log odds from which an order is doubtful (2 % of clean recordings are), and from which it is a
/// fault (none of them is).
inline constexpr double kLimbDoubtful = 2, kLimbFault = 6;
inline constexpr double kPrecordialDoubtful = 2.2, kPrecordialFault = 6;

std::optional<Finding> check_limb_electrodes(const Recording& recording, const MeanBeat& beat);
std::optional<Finding> check_precordial_electrodes(const Recording& recording,
                                                   const MeanBeat& beat);
/// One of I, II, III under 5 % of the largest: RL, the neutral electrode, is exchanged with an arm.
std::optional<Finding> check_neutral_electrode(const Recording& recording);

}  // namespace einthoven::signal
