#include "einthoven/corpus/prepare.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"

namespace einthoven::corpus {
namespace {

template <class Samples>
auto lead_of(Samples& samples, std::int64_t length, std::size_t lead) {
  const auto size = static_cast<std::size_t>(length);
  return std::span(samples).subspan(lead * size, size);
}

bool has_nan(std::span<const double> lead) {
  return std::any_of(lead.begin(), lead.end(), [](double x) { return std::isnan(x); });
}

std::int64_t whole_samples(const char* option, double seconds, double rate_hz) {
  const double samples = seconds * rate_hz;
  if (!(samples >= 0) || samples > 1e12 || std::abs(samples - std::round(samples)) > 1e-6)
    throw usage_error(fmt::format("{}: {} s at {} Hz is not a whole number of samples", option,
                                  seconds, rate_hz));
  return static_cast<std::int64_t>(std::llround(samples));
}

/// Whether the samples go to the resampling as they are.
bool needs_no_filter(const SegmentRules& rules) {
  return rules.filters.empty() && !rules.normalise.joins_leads();
}

/// The recording after the filters, and in mV if the leads are to be scaled together.
std::vector<double> filtered(const Extract& extract, const SegmentRules& rules) {
  std::vector<double> samples = extract.samples;
  if (rules.normalise.joins_leads())
    for (std::size_t l = 0; l < extract.leads(); ++l)
      for (double& x : lead_of(samples, extract.length, l)) x *= extract.millivolts[l];
  rules.filters.apply(samples, extract.leads(), extract.rate_hz);
  return samples;
}

}  // namespace

SegmentGrid SegmentRules::grid() const {
  SegmentGrid grid{whole_samples("segment-seconds", segment_seconds, rate_hz),
                   whole_samples("stride-seconds", stride_seconds, rate_hz)};
  if (grid.stride == 0) grid.stride = grid.samples;
  return grid;
}

std::vector<double> Prepared::segment(std::int64_t number, const SegmentGrid& grid) const {
  if (grid.samples == 0) return samples;
  std::vector<double> out;
  out.reserve(leads() * static_cast<std::size_t>(grid.samples));
  for (std::size_t l = 0; l < leads(); ++l) {
    const auto first =
        samples.begin() + static_cast<std::ptrdiff_t>(l) * length + number * grid.stride;
    out.insert(out.end(), first, first + grid.samples);
  }
  return out;
}

Prepared prepare(const Extract& extract, const SegmentRules& rules) {
  Prepared prepared;
  const bool as_stored = extract.single_precision && rules.filters.empty();
  const auto resampled = [&](std::span<const double> samples) {
    return signal::resample_leads(samples, extract.leads(), extract.rate_hz, rules.rate_hz,
                                  rules.resampling, as_stored);
  };
  if (needs_no_filter(rules))
    prepared.samples = resampled(extract.samples);
  else
    prepared.samples = resampled(filtered(extract, rules));
  prepared.length = static_cast<std::int64_t>(prepared.samples.size() / extract.leads());
  for (const auto& lead : signal::normalise(prepared.samples, extract.leads(), rules.normalise)) {
    prepared.mean.push_back(lead.offset);
    prepared.deviation.push_back(lead.scale);
  }
  return prepared;
}

store::PackedSegments pack(const Prepared& prepared, const Extract& extract,
                           const SegmentRules& rules, MissingSamples missing,
                           store::SampleType type) {
  std::vector<bool> clear(prepared.leads(), false);
  for (std::size_t l = 0; l < clear.size(); ++l)
    clear[l] = missing == MissingSamples::zero && has_nan(extract.lead(l));
  const SegmentGrid grid = rules.grid();
  const std::int64_t count = grid.count(prepared.length);
  const std::int64_t length = grid.samples > 0 ? grid.samples : prepared.length;
  const bool in_units = rules.normalise.kind == signal::Normalisation::off;
  std::vector<float> values(static_cast<std::size_t>(count * length) * clear.size());
  auto out = values.begin();
  for (std::int64_t number = 0; number < count; ++number)
    for (std::size_t l = 0; l < clear.size(); ++l) {
      const double* lead =
          prepared.samples.data() + static_cast<std::ptrdiff_t>(l) * prepared.length;
      const double scale = in_units ? extract.millivolts[l] : 1;
      const double* first = lead + number * grid.stride;
      const bool clears = clear[l];
      const auto packed = [=](double x) {
        return clears && std::isnan(x) ? 0.0F : static_cast<float>(x * scale);
      };
      out = std::transform(first, first + length, out, packed);
    }
  return store::pack_segments(type, clear.size(),
                              std::vector<std::int64_t>(static_cast<std::size_t>(count), length),
                              values);
}

}  // namespace einthoven::corpus
