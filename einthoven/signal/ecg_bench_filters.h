// The filters of ECG-Bench and ECG-Byte in the reference's own rounding.
#pragma once

#include <cstddef>
#include <span>

namespace einthoven::signal {

/// Notches at 50 and 60 Hz, Butterworth band-pass 0.5 to 100 Hz and high-pass 0.05 Hz of order 4,
/// each forward and backward as scipy.signal.filtfilt, on `samples` `[leads][samples]`.
///
/// The reference expands them to single polynomials. That of the high-pass is so ill-conditioned
/// that the last bit of a coefficient moves the result by 0.2 uV and its initial state is mostly
/// rounding error, so the numbers that SciPy arrives at are kept here, for the two rates that
/// the reference knows (spec: elm.md 26.1; golden_filter_hex.json). Sections of second order
/// (filter_design.h) differ from this by up to 0.4 uV and are right. Data error for another rate,
/// or for leads of 27 samples or less.
void filter_as_ecg_bench(std::span<double> samples, std::size_t leads, double rate_hz);

}  // namespace einthoven::signal
