// Recursive filters as cascades of second-order sections, and their design.
#pragma once

#include <span>
#include <vector>

namespace einthoven::signal {

/// H(z) = (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2 z^-2).
struct Biquad {
  double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;

  /// A section of first order has no z^-2 on either side.
  bool first_order() const { return b2 == 0 && a2 == 0; }
};

/// Butterworth high-pass by the bilinear transform with prewarping: -3 dB at `cutoff_hz`, gain 1
/// at half the sample rate. Usage error unless 0 < cutoff < rate / 2 and order >= 1.
std::vector<Biquad> butterworth_highpass(int order, double cutoff_hz, double rate_hz);

/// Forward and backward, so that the phase stays. The ends are continued point-symmetrically and
/// the filter starts in its steady state, as scipy.signal.sosfiltfilt does by default. Data error
/// if the lead is not longer than that continuation, 3 (2 sections + 1) samples at most.
void filter_both_ways(std::span<const Biquad> sections, std::span<double> lead);

}  // namespace einthoven::signal
