#include "einthoven/corpus/prepare.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"

namespace einthoven::corpus {
namespace {

std::int64_t whole_samples(const char* option, double seconds, double rate_hz) {
  const double samples = seconds * rate_hz;
  if (!(samples >= 0) || samples > 1e12 || std::abs(samples - std::round(samples)) > 1e-6 ||
      (seconds > 0 && std::llround(samples) == 0))
    throw usage_error(fmt::format("{}: {} s at {} Hz is not a whole number of samples", option,
                                  seconds, rate_hz));
  return static_cast<std::int64_t>(std::llround(samples));
}

/// The recording after the filters, and in mV if the leads are to be scaled together.
std::vector<double> filtered(const Extract& extract, const SegmentRules& rules) {
  std::vector<double> samples(extract.samples.begin(), extract.samples.end());
  const auto length = static_cast<std::size_t>(extract.length);
  if (rules.normalise.joins_leads())
    for (std::size_t l = 0; l < extract.leads(); ++l)
      for (double& x : std::span(samples).subspan(l * length, length)) x *= extract.millivolts[l];
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

std::span<const double> Prepared::raw(std::size_t lead, std::int64_t first,
                                      std::size_t count) const {
  return samples_.subspan(
      lead * static_cast<std::size_t>(length_) + static_cast<std::size_t>(first), count);
}

bool Prepared::may_have_nan(std::size_t lead) const {
  return !is_normalised() || !std::isfinite(mean[lead]) || !std::isnormal(deviation[lead]);
}

void Prepared::read(std::size_t lead, std::int64_t first, std::span<float> out) const {
  const auto samples = raw(lead, first, out.size());
  if (is_normalised())
    signal::apply(samples, {mean[lead], deviation[lead]}, constant_lead_, out.data());
  else
    std::ranges::transform(samples, out.begin(), [unit = millivolts_[lead]](double x) {
      return static_cast<float>(x * unit);
    });
}

std::vector<double> Prepared::segment(std::int64_t number, const SegmentGrid& grid) const {
  const auto count = static_cast<std::size_t>(grid.segment_length(length_));
  std::vector<double> out(leads() * count);
  for (std::size_t l = 0; l < leads(); ++l) {
    const auto samples = raw(l, number * grid.stride, count);
    double* to = out.data() + l * count;
    if (is_normalised())
      signal::apply(samples, {mean[l], deviation[l]}, constant_lead_, to);
    else
      std::ranges::copy(samples, to);
  }
  return out;
}

Prepared prepare(const Extract& extract, const SegmentRules& rules) {
  Prepared prepared;
  prepared.samples_ = extract.samples;
  if (!rules.filters.empty() || rules.normalise.joins_leads())
    prepared.samples_ = prepared.made_ = filtered(extract, rules);
  if (extract.rate_hz != rules.rate_hz)
    prepared.samples_ = prepared.made_ =
        signal::resample_leads(prepared.samples_, extract.leads(), extract.rate_hz, rules.rate_hz,
                               rules.resampling, extract.single_precision && rules.filters.empty());
  prepared.length_ = static_cast<std::int64_t>(prepared.samples_.size() / extract.leads());
  prepared.millivolts_ = extract.millivolts;
  prepared.constant_lead_ = rules.normalise.constant_lead;
  for (const auto& lead : signal::measure(prepared.samples_, extract.leads(), rules.normalise)) {
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
    clear[l] = missing == MissingSamples::zero && prepared.may_have_nan(l) &&
               signal::count_nan(extract.lead(l)) > 0;
  std::vector<float> values;
  const auto add = [&](std::size_t lead, std::size_t first, std::size_t count,
                       store::PackedSegments& packed) {
    values.resize(count);
    prepared.read(lead, static_cast<std::int64_t>(first), values);
    if (clear[lead])
      std::ranges::replace_if(
          values, [](float x) { return std::isnan(x); }, 0.0F);
    store::pack_lead(type, values, packed);
  };
  return pack_leads(rules.grid(), prepared.length(), prepared.leads(), type, add);
}

}  // namespace einthoven::corpus
