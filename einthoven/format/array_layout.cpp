#include "einthoven/format/array_layout.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/strings.h"
#include "einthoven/format/wfdb_units.h"
#include "einthoven/signal/lead.h"

namespace einthoven::format {
namespace {

bool is_adc_unit(const std::string& unit) { return lower(unit) == "adu"; }

}  // namespace

double require_rate(const std::string& source, std::optional<double> from_file,
                    const ReadOptions& options) {
  const auto rate = options.rate_hz ? options.rate_hz : from_file;
  if (!rate)
    throw usage_error(source + ": sample rate: is not in the file", "give it with --rate HZ");
  if (!(*rate > 0) || !std::isfinite(*rate))
    throw data_error(source, "sample rate", fmt::format("must be positive (got {})", *rate));
  return *rate;
}

std::vector<std::string> choose_leads(const std::string& source, std::size_t count,
                                      const std::vector<std::string>& from_file,
                                      const ReadOptions& options, std::vector<std::string>& notes) {
  const auto& given = options.leads.empty() ? from_file : options.leads;
  std::vector<std::string> names;
  if (!given.empty()) {
    if (given.size() != count)
      throw data_error(source, "leads",
                       fmt::format("the array has {}, but {} are named", count, given.size()));
    names = signal::canonical_leads(given);
  } else if (count == signal::kStandardLeads.size()) {
    names.assign(signal::kStandardLeads.begin(), signal::kStandardLeads.end());
    notes.push_back("the file does not name its leads: taken as I, II, III, aVR, aVL, aVF, V1-V6");
  } else {
    for (std::size_t i = 1; i <= count; ++i) names.push_back(fmt::format("signal_{}", i));
    notes.push_back("the file does not name its leads");
  }
  return names;
}

bool leads_are_rows(const std::string& source, std::int64_t rows, std::int64_t columns,
                    std::size_t known_leads) {
  const auto known = static_cast<std::int64_t>(known_leads);
  const bool by_rows = known > 0 ? rows == known : rows < columns;
  const bool by_columns = known > 0 ? columns == known : columns < rows;
  if (by_rows == by_columns)
    throw data_error(source, "shape",
                     fmt::format("cannot tell leads from samples (got {} x {}{})", rows, columns,
                                 known > 0 ? fmt::format(", {} leads named", known) : ""));
  return by_rows;
}

signal::Recording recording_from_matrix(const std::string& source, const Matrix& matrix,
                                        const Scale& scale, const ReadOptions& options) {
  const bool by_rows = (matrix.rows_if_square && matrix.rows == matrix.columns) ||
                       leads_are_rows(source, matrix.rows, matrix.columns, options.leads.size());
  std::vector<std::string> notes;
  auto leads = choose_leads(
      source, static_cast<std::size_t>(by_rows ? matrix.rows : matrix.columns), {}, options, notes);
  signal::Recording recording(std::move(leads), by_rows ? matrix.columns : matrix.rows,
                              require_rate(source, std::nullopt, options));
  recording.notes = std::move(notes);
  recording.unit_is_known = scale.is_known;
  const float factor = scale.millivolts;
  const std::vector<float>& values = matrix.values;
  if (by_rows) {
    std::ranges::transform(values, recording.samples().begin(),
                           [factor](float value) { return factor * value; });
    return recording;
  }
  const std::size_t count = recording.lead_count();
  for (std::size_t l = 0; l < count; ++l)
    for (std::size_t t = 0; t < static_cast<std::size_t>(recording.length()); ++t)
      recording.lead(l)[t] = factor * values[t * count + l];
  return recording;
}

signal::Recording recording_from_leads(const std::string& source,
                                       const std::vector<LeadSamples>& leads, double rate_hz,
                                       const ReadOptions& options) {
  std::vector<std::string> names, notes;
  for (const auto& lead : leads) {
    names.push_back(lead.name);
    if (lead.samples.size() != leads[0].samples.size())
      throw data_error(source, "leads",
                       fmt::format("differ in length (got {} and {} samples)",
                                   leads[0].samples.size(), lead.samples.size()));
  }
  const std::size_t length = leads.empty() ? 0 : leads[0].samples.size();
  signal::Recording recording(
      choose_leads(source, leads.size(), signal::canonical_leads(names), options, notes),
      static_cast<std::int64_t>(length), require_rate(source, rate_hz, options));
  for (std::size_t l = 0; l < leads.size(); ++l)
    std::ranges::copy(leads[l].samples, recording.lead(l).begin());
  return recording;
}

double require_millivolts(const std::string& source, const std::string& field,
                          const std::string& unit) {
  if (const auto scale = millivolts_per(unit)) return *scale;
  throw data_error(
      source, field,
      fmt::format("has a unit that is not known (got \"{}\", want V, mV or uV)", unit));
}

Scale require_scale(const std::string& source, const ReadOptions& options) {
  if (!options.gain_adu_per_mv)
    throw usage_error(
        source + ": gain: integer samples need one",
        "give ADC units per millivolt with --gain (plot, infer, embed, saliency: --input-gain)");
  if (!std::isfinite(*options.gain_adu_per_mv) || *options.gain_adu_per_mv == 0)
    throw usage_error(fmt::format("{}: gain: want a number other than zero, got {}", source,
                                  *options.gain_adu_per_mv));
  return {static_cast<float>(1.0 / *options.gain_adu_per_mv)};
}

Scale float_scale(const std::string& source, const std::string& unit, const ReadOptions& options) {
  if (unit.empty()) return {.is_known = false};
  if (is_adc_unit(unit)) return require_scale(source, options);
  return {static_cast<float>(require_millivolts(source, "units", unit))};
}

Scale integer_scale(const std::string& source, const std::string& unit,
                    const ReadOptions& options) {
  return unit.empty() || options.gain_adu_per_mv ? require_scale(source, options)
                                                 : float_scale(source, unit, options);
}

}  // namespace einthoven::format
