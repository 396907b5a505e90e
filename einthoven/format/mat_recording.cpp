#include "einthoven/format/mat_recording.h"

#include <fmt/core.h>

#include <array>
#include <cmath>

#include "einthoven/base/strings.h"
#include "einthoven/format/array_layout.h"
#include "einthoven/format/recording_info.h"

namespace einthoven::format {
namespace {

constexpr double kCpsc2018RateHz = 500;

constexpr std::array kRateNames = {
    "curr_sample_rate", "sample_rate", "samplerate", "rate_hz", "sampling_rate",
    "samplingrate",     "fs",          "fs_hz",      "sfreq",   "srate"};

/// The number among variables or fields that is named like a rate, in capitals or not.
std::optional<double> stored_rate(std::span<const MatVariable> variables) {
  for (const std::string_view name : kRateNames)
    for (const MatVariable& variable : variables)
      if (lower(variable.name) == name && variable.is_number() && variable.count() == 1)
        return variable.as_double()[0];
  return std::nullopt;
}

/// The text that names the unit of the samples; empty if there is none.
std::string stored_unit(std::span<const MatVariable> variables) {
  for (const MatVariable& variable : variables)
    if (const std::string name = lower(variable.name); name == "units" || name == "unit")
      if (variable.cls == MatClass::text && variable.rows() == 1) return variable.as_text_rows()[0];
  return {};
}

/// The rows of a text matrix or the texts of a cell array; nothing if it is neither.
std::vector<std::string> stored_leads(const MatFile& file) {
  const MatVariable* leads = file.find("leads");
  if (leads == nullptr) return {};
  if (leads->cls == MatClass::text) return leads->as_text_rows();
  std::vector<std::string> names;
  for (const MatVariable& name : leads->children) {
    if (name.cls != MatClass::text || name.rows() != 1) return {};
    names.push_back(name.as_text_rows()[0]);
  }
  return names;
}

signal::Recording recording_from_variable(const MatFile& file, const MatVariable& matrix,
                                          std::optional<double> rate, const Scale& scale,
                                          const ReadOptions& options) {
  if (matrix.dims.size() != 2)
    throw data_error(file.source, matrix.name,
                     fmt::format("want leads x samples (got {} dimensions)", matrix.dims.size()));
  ReadOptions known = options;
  known.rate_hz = require_rate(file.source, rate, options);
  if (known.leads.empty()) known.leads = stored_leads(file);
  return recording_from_matrix(
      file.source, {matrix.as_float_rows(), matrix.rows(), matrix.columns(), true}, scale, known);
}

signal::Subject cpsc_subject(const MatVariable& ecg) {
  signal::Subject subject;
  for (const std::string& name : ecg.fields) {
    const MatVariable& field = ecg.field(name);
    if (name == "sex" && field.cls == MatClass::text && field.rows() > 0)
      subject.sex = signal::canonical_sex(field.as_text_rows()[0]);
    if (name == "age" && field.cls == MatClass::float64 && field.count() == 1 &&
        field.as_double()[0] >= 0)
      subject.age_years = field.as_double()[0];
  }
  return subject;
}

}  // namespace

signal::Recording recording_from_mat(const MatFile& file, const ReadOptions& options) {
  if (const MatVariable* feats = file.find("feats")) {
    const Scale scale = float_scale(file.source, stored_unit(file.variables), options);
    auto recording =
        recording_from_variable(file, *feats, stored_rate(file.variables), scale, options);
    if (const MatVariable* info = file.find("info"); info != nullptr && info->cls == MatClass::text)
      for (const auto& text : info->as_text_rows()) take_info_text(text, file.source, recording);
    return recording;
  }
  if (const MatVariable* val = file.find("val"))
    return recording_from_variable(file, *val, stored_rate(file.variables),
                                   integer_scale(file.source, stored_unit(file.variables), options),
                                   options);
  if (const MatVariable* ecg = file.find("ECG");
      ecg != nullptr && ecg->cls == MatClass::structure) {
    const auto rate = stored_rate(ecg->children);
    auto recording = recording_from_variable(
        file, ecg->field("data"), rate.value_or(kCpsc2018RateHz),
        float_scale(file.source, stored_unit(ecg->children), options), options);
    if (options.subject != nullptr) *options.subject = cpsc_subject(*ecg);
    if (!options.rate_hz && !rate)
      recording.notes.push_back("CPSC 2018 layout, which names no sample rate: 500 Hz");
    return recording;
  }
  throw data_error(file.source, "variables", "no recording: want feats, val or a structure ECG");
}

void write_mat_recording(const fs::path& path, const signal::Recording& recording) {
  const double rate = recording.rate_hz;
  const bool whole = rate == std::floor(rate);
  const auto rate_variable = [&](const char* name) {
    return whole ? mat_scalar<std::int64_t>(name, static_cast<std::int64_t>(rate))
                 : mat_scalar<double>(name, rate);
  };
  MatWriter writer;
  writer.add(rate_variable("org_sample_rate"));
  writer.add(rate_variable("curr_sample_rate"));
  writer.add(mat_scalar<std::int64_t>("org_sample_size", recording.length()));
  writer.add(mat_scalar<std::int64_t>("curr_sample_size", recording.length()));
  writer.add(mat_matrix<float>("feats", static_cast<std::int64_t>(recording.lead_count()),
                               recording.length(), recording.samples()));
  writer.add(mat_text("leads", recording.leads));
  if (const std::string info = info_text(recording); !info.empty())
    writer.add(mat_text("info", std::vector<std::string>{info}));
  writer.write(path);
}

}  // namespace einthoven::format
