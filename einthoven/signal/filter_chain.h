// A chain of zero-phase filters that a user writes down.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "einthoven/signal/recording.h"
#include "einthoven/signal/wavelet.h"

namespace einthoven::signal {

/// One filter; the numbers that its kind does not use are 0.
struct FilterStep {
  enum class Kind { notch, bandpass, highpass, wavelet, ecg_bench_exact };
  Kind kind = Kind::notch;
  double low_hz = 0;   ///< notch: the centre
  double high_hz = 0;  ///< band-pass
  double quality = 0;  ///< notch: centre / width of the -3 dB band
  int order = 0;       ///< Butterworth, at each edge
  WaveletThreshold threshold = WaveletThreshold::coarsest;
};

/// Filters in the order in which they are applied, each forward and backward.
class FilterChain {
 public:
  FilterChain() = default;
  /// Steps are written notch:HZ[:QUALITY], bandpass:LOW:HIGH[:ORDER], highpass:HZ[:ORDER] and
  /// wavelet[:coarsest|universal]; quality 30 and order 4 if they are left out, the wavelet with
  /// Daubechies 6 over four levels. `ecg-bench` stands for notch:50, notch:60, bandpass:0.5:100,
  /// highpass:0.05, wavelet, the filters of ECG-Byte and ECG-Bench before October 2025;
  /// `ecg-bench-exact` for the same in their rounding (filter_as_ecg_bench()). Usage error for
  /// anything else.
  explicit FilterChain(std::span<const std::string> steps);

  bool empty() const { return steps_.empty(); }
  /// The steps with nothing left out, e.g. {"notch:50:30", "wavelet:coarsest"}: the name of the
  /// chain.
  std::vector<std::string> names() const;

  /// Filters `samples` `[leads][samples]` in place. A NaN makes its lead NaN as a whole. Usage
  /// error for a frequency of half the rate or more, data error for leads that are too short.
  void apply(std::span<double> samples, std::size_t leads, double rate_hz) const;
  /// In double precision; the names of the filters become a note.
  void apply(Recording& recording) const;

 private:
  std::vector<FilterStep> steps_;
};

}  // namespace einthoven::signal
