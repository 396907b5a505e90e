#include "einthoven/infer/preparation.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "einthoven/base/error.h"
#include "einthoven/signal/lead.h"
#include "einthoven/signal/standardise.h"

namespace einthoven::infer {
namespace {

constexpr std::size_t kLeads = signal::kStandardLeads.size();

void check_samples(const signal::Recording& recording) {
  for (std::size_t i = 0; i < recording.lead_count(); ++i) {
    const auto lead = recording.lead(i);
    const auto bad =
        std::count_if(lead.begin(), lead.end(), [](float v) { return !std::isfinite(v); });
    if (bad == 0) continue;
    throw data_error(recording.name, fmt::format("lead {}", recording.leads[i]),
                     fmt::format("{} of {} samples are invalid", bad, lead.size()));
  }
}

/// Notes of the leads that never change; data error if no lead does.
void note_constant_leads(const signal::Recording& recording, std::vector<std::string>& notes) {
  std::size_t constant = 0;
  for (std::size_t l = 0; l < recording.lead_count(); ++l) {
    if (!signal::is_constant(recording.lead(l))) continue;
    ++constant;
    notes.push_back(fmt::format("lead {}: constant", recording.leads[l]));
  }
  if (constant == recording.lead_count())
    throw data_error(recording.name, "samples", "every lead is constant");
}

/// The twelve leads at the model's rate, `[lead][sample]`.
std::vector<double> resampled_leads(const signal::Recording& recording,
                                    const PreparationOptions& options) {
  std::vector<double> samples(recording.samples().begin(), recording.samples().end());
  options.filters.apply(samples, kLeads, recording.rate_hz);
  return signal::resample_leads(samples, kLeads, recording.rate_hz, options.rate_hz,
                                options.resampling, options.filters.empty());
}

/// Scales in place. Leads that `recording` lacks are left out and stay zero.
void normalise(std::vector<double>& samples, const signal::Recording& recording,
               const signal::NormaliseRules& rules) {
  const std::size_t row = samples.size() / kLeads;
  const auto fill_absent = [&](double value) {
    for (std::size_t i = 0; i < kLeads; ++i)
      if (!recording.find_lead(signal::kStandardLeads[i]))
        std::fill_n(samples.begin() + static_cast<std::ptrdiff_t>(i * row), row, value);
  };
  fill_absent(std::numeric_limits<double>::quiet_NaN());
  signal::normalise(samples, kLeads, rules);
  fill_absent(0);
}

data::Signal cut(const std::vector<double>& samples, std::size_t start, std::int64_t length) {
  const std::size_t row = samples.size() / kLeads;
  data::Signal out(kLeads, length);
  for (std::size_t i = 0; i < kLeads; ++i) {
    const auto from = samples.begin() + static_cast<std::ptrdiff_t>(i * row + start);
    std::transform(from, from + length, out.lead(static_cast<std::int64_t>(i)).begin(),
                   [](double value) { return static_cast<float>(value); });
  }
  return out;
}

}  // namespace

Prepared prepare(const signal::Recording& recording, const PreparationOptions& options) {
  const auto known = [&](const std::string& lead) {
    return signal::standard_lead_index(lead).has_value();
  };
  if (std::none_of(recording.leads.begin(), recording.leads.end(), known)) {
    throw data_error(recording.name, "leads", "none of the standard leads I..V6 is present");
  }
  const signal::Recording ordered = recording.with_leads(signal::kStandardLeads, false);
  check_samples(ordered);
  if (!(recording.rate_hz > 0)) throw data_error(recording.name, "sample rate", "is not known");
  std::vector<double> samples = resampled_leads(ordered, options);
  const auto length = static_cast<std::int64_t>(samples.size() / kLeads);
  if (length < options.segment_samples) {
    throw data_error(
        recording.name, "length",
        fmt::format("too short (got {:.2f} s, want at least {:.2f} s)", ordered.duration_s(),
                    static_cast<double>(options.segment_samples) / options.rate_hz));
  }
  normalise(samples, recording, options.normalise);
  Prepared out;
  out.notes = ordered.notes;
  note_constant_leads(recording, out.notes);
  for (std::int64_t start = 0; start + options.segment_samples <= length;
       start += options.segment_samples) {
    out.segments.push_back(cut(samples, static_cast<std::size_t>(start), options.segment_samples));
  }
  return out;
}

}  // namespace einthoven::infer
