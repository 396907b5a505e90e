#include "einthoven/format/mat_recording.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/format/array_layout.h"
#include "einthoven/format/recording_info.h"

namespace einthoven::format {
namespace {

constexpr double kCpsc2018RateHz = 500;

std::optional<double> stored_rate(const MatFile& file) {
  for (const char* name : {"curr_sample_rate", "sample_rate", "rate_hz", "fs"})
    if (const MatVariable* rate = file.find(name))
      if (rate->count() == 1) return rate->as_double()[0];
  return std::nullopt;
}

std::vector<std::string> stored_leads(const MatFile& file) {
  const MatVariable* leads = file.find("leads");
  if (leads == nullptr || leads->cls != MatClass::text) return {};
  return leads->as_text_rows();
}

signal::Recording recording_from_matrix(const MatFile& file, const MatVariable& matrix,
                                        std::optional<double> rate, float scale,
                                        const ReadOptions& options) {
  if (matrix.dims.size() != 2)
    throw data_error(file.source, matrix.name,
                     fmt::format("want leads x samples (got {} dimensions)", matrix.dims.size()));
  std::vector<std::string> notes;
  auto leads = choose_leads(file.source, static_cast<std::size_t>(matrix.rows()),
                            stored_leads(file), options, notes);
  signal::Recording recording(std::move(leads), matrix.columns(),
                              require_rate(file.source, rate, options));
  recording.notes = std::move(notes);
  const std::vector<float> values = matrix.as_float_rows();
  std::ranges::transform(values, recording.samples().begin(),
                         [scale](float value) { return value * scale; });
  return recording;
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
    auto recording = recording_from_matrix(file, *feats, stored_rate(file), 1, options);
    if (const MatVariable* info = file.find("info"); info != nullptr && info->cls == MatClass::text)
      for (const auto& text : info->as_text_rows()) take_info_text(text, file.source, recording);
    return recording;
  }
  if (const MatVariable* val = file.find("val"))
    return recording_from_matrix(file, *val, stored_rate(file), require_scale(file.source, options),
                                 options);
  if (const MatVariable* ecg = file.find("ECG");
      ecg != nullptr && ecg->cls == MatClass::structure) {
    auto recording = recording_from_matrix(file, ecg->field("data"), kCpsc2018RateHz, 1, options);
    if (options.subject != nullptr) *options.subject = cpsc_subject(*ecg);
    if (!options.rate_hz)
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
