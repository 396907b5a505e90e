// Design of recursive filters by the bilinear transform with prewarping.
#pragma once

#include <vector>

#include "einthoven/signal/biquad.h"

namespace einthoven::signal {

/// Butterworth high-pass: -3 dB at `cutoff_hz`, gain 1 at half the sample rate. Usage error unless
/// 0 < cutoff < rate / 2 and order >= 1.
std::vector<Biquad> butterworth_highpass(int order, double cutoff_hz, double rate_hz);

/// Butterworth band-pass, `order` at each edge: -3 dB at both, gain 1 between them. Usage error
/// unless 0 < low < high < rate / 2 and order >= 1.
std::vector<Biquad> butterworth_bandpass(int order, double low_hz, double high_hz, double rate_hz);

/// Takes one frequency out; the -3 dB band around it is `centre_hz / quality` wide, as
/// scipy.signal.iirnotch. Usage error unless 0 < centre < rate / 2 and quality > 0.
Biquad notch(double centre_hz, double quality, double rate_hz);

}  // namespace einthoven::signal
