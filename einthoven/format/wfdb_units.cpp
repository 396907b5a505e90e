#include "einthoven/format/wfdb_units.h"

#include <fmt/core.h>

#include <algorithm>

#include "einthoven/base/strings.h"
#include "einthoven/base/wide_vectors.h"
#include "einthoven/format/wfdb_signal.h"
#include "einthoven/signal/lead.h"

namespace einthoven::format {
namespace {

EINTHOVEN_WIDE_VECTORS
void scale_floats(std::span<const std::int16_t> digital, float zero, float gain, float* out) {
  for (std::size_t i = 0; i < digital.size(); ++i)
    out[i] = (static_cast<float>(digital[i]) - zero) / gain;
}

EINTHOVEN_WIDE_VECTORS
void scale_doubles(std::span<const std::int32_t> digital, double zero, double gain,
                   std::int32_t invalid, double* out) {
  for (std::size_t i = 0; i < digital.size(); ++i) {
    const double value = (static_cast<double>(digital[i]) - zero) / gain;
    out[i] = digital[i] == invalid ? std::numeric_limits<double>::quiet_NaN() : value;
  }
}

}  // namespace

void scale_in_float(std::span<const std::int16_t> digital, float zero, float gain, float* out) {
  scale_floats(digital, zero, gain, out);
}

void scale_in_double(std::span<const std::int32_t> digital, double zero, double gain,
                     std::int32_t invalid, double* out) {
  scale_doubles(digital, zero, gain, invalid, out);
}

std::optional<double> millivolts_per(std::string_view unit) {
  const std::string name = lower(unit);
  if (name == "mv") return 1.0;
  if (name == "uv" || name == "\xc2\xb5v" || name == "\xce\xbcv" || name == "\xb5v") return 1e-3;
  if (name == "nv") return 1e-6;
  if (name == "v") return 1e3;
  return std::nullopt;
}

std::vector<std::string> wfdb_lead_names(const std::vector<WfdbSignalSpec>& signals) {
  std::vector<std::string> names;
  for (const auto& spec : signals) names.push_back(spec.name);
  return signal::canonical_leads(names);
}

std::vector<std::string> wfdb_unit_notes(const std::vector<WfdbSignalSpec>& signals,
                                         const std::vector<std::string>& lead_names) {
  std::vector<std::string> notes;
  for (std::size_t s = 0; s < signals.size(); ++s) {
    const WfdbSignalSpec& spec = signals[s];
    if (spec.units.empty()) {
      notes.push_back(fmt::format("signal {} has no unit: taken as mV", lead_names[s]));
    } else if (!millivolts_per(spec.units)) {
      notes.push_back(fmt::format("signal {} is in {}, which is not a voltage: kept as it is",
                                  lead_names[s], spec.units));
    }
  }
  return notes;
}

WfdbScale::WfdbScale(const WfdbSignalSpec& spec)
    : baseline(static_cast<double>(spec.baseline)),
      gain(spec.gain),
      scale(millivolts_per(spec.units).value_or(1.0)),
      invalid(invalid_sample(spec.format)) {}

bool WfdbScale::float_is_exact(int sample_bits) const {
  constexpr double kExact = 1 << 23;
  return sample_bits <= 16 && scale == 1.0 && std::abs(baseline) < kExact &&
         static_cast<double>(static_cast<float>(gain)) == gain;
}

}  // namespace einthoven::format
