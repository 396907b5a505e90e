// Physical units of WFDB signals and the conversion of digital samples to them.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/format/wfdb_header.h"

namespace einthoven::format {

/// Millivolts in one of the unit; nothing if it is not a voltage.
std::optional<double> millivolts_per(std::string_view unit);

/// Canonical lead names of the signals, made unique ("ECG", "ECG_2"); unnamed ones "signal_3".
std::vector<std::string> wfdb_lead_names(const std::vector<WfdbSignalSpec>& signals);

/// What a reader of the record should know about the units, one text a signal that needs it.
std::vector<std::string> wfdb_unit_notes(const std::vector<WfdbSignalSpec>& signals,
                                         const std::vector<std::string>& lead_names);

/// (digital - zero) / gain, in single precision.
void scale_in_float(std::span<const std::int16_t> digital, float zero, float gain, float* out);
/// The same in double precision; `invalid` becomes NaN.
void scale_in_double(std::span<const std::int32_t> digital, double zero, double gain,
                     std::int32_t invalid, double* out);

/// (digital - baseline) / gain * scale, rounded once to float; invalid samples become NaN.
struct WfdbScale {
  double baseline;
  double gain;
  double scale;  ///< millivolts per unit, 1 if not a voltage
  std::int32_t invalid;

  explicit WfdbScale(const WfdbSignalSpec& spec);
  /// Whether single precision gives the same result: both operands of the division are exact in
  /// float, and rounding a correctly rounded quotient of floats twice is harmless (53 >= 2*24+2).
  bool float_is_exact(int sample_bits) const;

  template <class Sample>
  void apply(std::span<const Sample> digital, float* out) const {
    if constexpr (sizeof(Sample) == sizeof(std::int16_t)) {
      if (float_is_exact(16))
        scale_in_float(digital, static_cast<float>(baseline), static_cast<float>(gain), out);
      else
        convert(digital, out);
    } else {
      convert(digital, out);
    }
    // Invalid samples are rare: they are only counted here, in a loop that vectorises.
    std::size_t invalid_count = 0;
    for (const Sample sample : digital) invalid_count += sample == invalid ? 1 : 0;
    for (std::size_t i = 0; invalid_count > 0 && i < digital.size(); ++i)
      if (digital[i] == invalid) out[i] = std::numeric_limits<float>::quiet_NaN();
  }

 private:
  template <class Sample>
  void convert(std::span<const Sample> digital, float* out) const {
    for (std::size_t i = 0; i < digital.size(); ++i)
      out[i] = static_cast<float>((static_cast<double>(digital[i]) - baseline) / gain * scale);
  }
};

}  // namespace einthoven::format
