// Noise and baseline faults that are added to a signal.
#pragma once

#include "einthoven/data/augmentation.h"

namespace einthoven::data {

/// One cosine of 50 or 60 Hz on all leads.
void add_powerline_noise(Signal& signal, const AugmentationOptions& options, Draws& draws);
/// White noise of one amplitude per lead.
void add_emg_noise(Signal& signal, const AugmentationOptions& options, Draws& draws);
/// Steps up or down over `shift_ratio` of the time, one sign per lead.
void add_baseline_shift(Signal& signal, const AugmentationOptions& options, Draws& draws);
/// The sum of `k` slow cosines, one gain per lead.
void add_baseline_wander(Signal& signal, const AugmentationOptions& options, Draws& draws);

}  // namespace einthoven::data
