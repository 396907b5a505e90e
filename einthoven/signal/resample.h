// Other sample rates, as the references' training data were made.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace einthoven::signal {

/// trunc(length * (to_hz / from_hz)); the quotient is taken first. Data error if it is above 100.
std::int64_t resampled_length(std::int64_t length, double from_hz, double to_hz);

/// One lead at another rate, by linear interpolation between the two neighbours of each output
/// sample. Both ends are kept, so the time axis is stretched by (n-1)/(N-1) and not by exactly the
/// quotient of the rates; there is no low-pass filter. Equal rates return the values unchanged.
/// A NaN spoils the two intervals beside it. Differences of neighbours are taken in T and then
/// widened, all else is double (reference: utils.py `resample` of the multi-source pipeline).
/// Data error for less than two samples or an empty result.
template <class T>
std::vector<double> resample(std::span<const T> lead, double from_hz, double to_hz);

enum class Resampling {
  linear,  ///< resample(), fairseq-signals
  spline,  ///< resample_spline_ends(), ECG-Bench
};

/// "linear" or "spline"; usage error otherwise.
Resampling parse_resampling(std::string_view name);
std::string_view resampling_name(Resampling resampling);

/// All leads of `samples` `[leads][samples]` at another rate, one after the other. `from_float32`:
/// the samples come from a file of float32, where resample() takes differences in that precision.
std::vector<double> resample_leads(std::span<const double> samples, std::size_t leads,
                                   double from_hz, double to_hz, Resampling resampling,
                                   bool from_float32);

}  // namespace einthoven::signal
