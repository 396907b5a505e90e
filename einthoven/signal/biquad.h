// Recursive filters as cascades of second-order sections.
#pragma once

#include <cstddef>
#include <span>

namespace einthoven::signal {

/// H(z) = (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2 z^-2).
struct Biquad {
  double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;

  /// A section of first order has no z^-2 on either side.
  bool first_order() const { return b2 == 0 && a2 == 0; }
};

/// Filters every lead of `samples` `[leads][samples]` forward and backward, so that the phase
/// stays. The ends are continued point-symmetrically and the filter starts in its steady state, as
/// scipy.signal.sosfiltfilt does by default. A NaN spoils its own lead only. Data error if the
/// leads are not longer than that continuation, 3 (2 sections + 1) samples at most.
void filter_both_ways(std::span<const Biquad> sections, std::span<double> samples,
                      std::size_t leads = 1);

}  // namespace einthoven::signal
