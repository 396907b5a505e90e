#include "einthoven/corpus/prepare.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/signal/resample.h"

namespace einthoven::corpus {
namespace {

bool has_nan(std::span<const double> lead) {
  return std::any_of(lead.begin(), lead.end(), [](double x) { return std::isnan(x); });
}

}  // namespace

std::int64_t SegmentRules::segment_samples() const {
  const double samples = segment_seconds * rate_hz;
  if (!(samples >= 0) || samples > 1e12 || std::abs(samples - std::round(samples)) > 1e-6)
    throw usage_error(fmt::format("segment-seconds: {} s at {} Hz is not a whole number of samples",
                                  segment_seconds, rate_hz));
  return static_cast<std::int64_t>(std::llround(samples));
}

std::int64_t Prepared::segments(std::int64_t segment_samples) const {
  return segment_samples > 0 ? length / segment_samples : 1;
}

std::vector<double> Prepared::segment(std::int64_t number, std::int64_t segment_samples) const {
  if (segment_samples == 0) return samples;
  std::vector<double> out;
  out.reserve(leads() * static_cast<std::size_t>(segment_samples));
  for (std::size_t l = 0; l < leads(); ++l) {
    const auto first =
        samples.begin() + static_cast<std::ptrdiff_t>(l) * length + number * segment_samples;
    out.insert(out.end(), first, first + segment_samples);
  }
  return out;
}

Prepared prepare(const Extract& extract, const SegmentRules& rules) {
  Prepared prepared;
  prepared.length = signal::resampled_length(extract.length, extract.rate_hz, rules.rate_hz);
  if (extract.rate_hz == rules.rate_hz) {
    prepared.samples = extract.samples;
  } else {
    for (std::size_t l = 0; l < extract.leads(); ++l) {
      const auto lead = signal::resample(extract.lead(l), extract.rate_hz, rules.rate_hz);
      prepared.samples.insert(prepared.samples.end(), lead.begin(), lead.end());
    }
  }
  if (!rules.standardise) return prepared;
  const auto moments = signal::standardise(std::span<double>(prepared.samples), extract.leads(),
                                           rules.constant_lead);
  for (const auto& lead : moments) {
    prepared.mean.push_back(lead.mean);
    prepared.deviation.push_back(lead.deviation);
  }
  return prepared;
}

store::PackedSegments pack(const Prepared& prepared, const Extract& extract,
                           const SegmentRules& rules, MissingSamples missing,
                           store::SampleType type) {
  std::vector<bool> clear(prepared.leads(), false);
  for (std::size_t l = 0; l < clear.size(); ++l)
    clear[l] = missing == MissingSamples::zero && has_nan(extract.lead(l));
  const std::int64_t size = rules.segment_samples();
  const std::int64_t count = prepared.segments(size);
  const std::int64_t length = size > 0 ? size : prepared.length;
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(count * length) * clear.size());
  for (std::int64_t number = 0; number < count; ++number)
    for (std::size_t l = 0; l < clear.size(); ++l) {
      const double* lead =
          prepared.samples.data() + static_cast<std::ptrdiff_t>(l) * prepared.length;
      const double scale = rules.standardise ? 1 : extract.millivolts[l];
      for (std::int64_t i = number * length; i < (number + 1) * length; ++i)
        values.push_back(clear[l] && std::isnan(lead[i]) ? 0.0F
                                                         : static_cast<float>(lead[i] * scale));
    }
  return store::pack_segments(type, clear.size(),
                              std::vector<std::int64_t>(static_cast<std::size_t>(count), length),
                              values);
}

}  // namespace einthoven::corpus
