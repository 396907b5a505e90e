// Removal of baseline drift and mains hum.
#pragma once

#include <span>

namespace einthoven::signal {

/// `ecg_clean(method="neurokit")` of NeuroKit2 (Makowski et al. 2021): Butterworth high-pass of
/// order 5 at 0.5 Hz, then a moving average over one period of 50 Hz, both forward and backward.
/// Data error for a lead of 30 samples or less.
void clean_lead(std::span<float> lead, double rate_hz);

}  // namespace einthoven::signal
