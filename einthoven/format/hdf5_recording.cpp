#include "einthoven/format/hdf5_recording.h"

#include <fmt/core.h>

#include <algorithm>

#include "einthoven/base/strings.h"
#include "einthoven/format/array_layout.h"
#include "einthoven/signal/lead.h"

namespace einthoven::format {
namespace {

constexpr double kCodeRateHz = 400;
constexpr double kSphRateHz = 500;

std::vector<std::string> optional_texts(const Hdf5File& file, const std::string& path) {
  return file.contains(path) ? file.texts(path) : std::vector<std::string>();
}

void read_annotations(const Hdf5File& file, signal::Recording& recording) {
  if (!file.contains("annotations")) return;
  const auto samples = file.integers("annotations/sample");
  const auto check = [&](auto column) {
    if (column.size() == samples.size()) return column;
    throw data_error(file.source(), "annotations", "have columns of different lengths");
  };
  const auto subtypes = check(file.integers("annotations/subtype"));
  const auto channels = check(file.integers("annotations/channel"));
  const auto numbers = check(file.integers("annotations/number"));
  const auto symbols = check(file.texts("annotations/symbol"));
  const auto texts = check(file.texts("annotations/text"));
  for (std::size_t i = 0; i < samples.size(); ++i)
    recording.annotations.push_back({samples[i], symbols[i], static_cast<int>(subtypes[i]),
                                     static_cast<int>(channels[i]), static_cast<int>(numbers[i]),
                                     texts[i]});
}

/// The attribute of the file, else of the data set.
std::string unit_of(const Hdf5File& file, const std::string& data_set) {
  for (const std::string& path : {std::string("/"), data_set})
    for (const char* name : {"units", "unit"})
      if (const auto unit = file.text_attribute(path, name)) return *unit;
  return {};
}

/// The attribute of the file, else of the data set.
std::optional<double> number_of(const Hdf5File& file, const std::string& data_set,
                                const char* name) {
  const auto number = file.number_attribute("/", name);
  return number ? number : file.number_attribute(data_set, name);
}

/// Unless the options have one.
void take_gain(const Hdf5File& file, const std::string& data_set, ReadOptions& known) {
  if (!known.gain_adu_per_mv) known.gain_adu_per_mv = number_of(file, data_set, "gain_adu_per_mv");
}

/// The data set in its unit; `known` has what the file and the options say.
signal::Recording read_matrix(const Hdf5File& file, const std::string& data_set,
                              ReadOptions known) {
  const Hdf5Object object = file.object(data_set);
  const bool is_integer = object.kind == Hdf5Kind::integer;
  if ((!is_integer && object.kind != Hdf5Kind::floating) || object.dims.size() != 2)
    throw data_error(file.source(), data_set, "want numbers, leads x samples");
  take_gain(file, data_set, known);
  const auto scale = is_integer ? integer_scale : float_scale;
  return recording_from_matrix(file.source(),
                               {file.floats(data_set), object.dims[0], object.dims[1], true},
                               scale(file.source(), unit_of(file, data_set), known), known);
}

signal::Recording read_own(const Hdf5File& file, const ReadOptions& options) {
  ReadOptions known = options;
  known.rate_hz = require_rate(file.source(), number_of(file, "samples", "rate_hz"), options);
  if (known.leads.empty()) known.leads = optional_texts(file, "leads");
  signal::Recording recording = read_matrix(file, "samples", known);
  recording.comments = optional_texts(file, "comments");
  recording.statements = optional_texts(file, "statements");
  recording.base_date = file.text_attribute("/", "base_date").value_or("");
  recording.base_time = file.text_attribute("/", "base_time").value_or("");
  auto& device = recording.device;
  device.manufacturer = file.text_attribute("/", "manufacturer").value_or("");
  device.model = file.text_attribute("/", "model").value_or("");
  device.highpass_hz = file.number_attribute("/", "highpass_hz");
  device.lowpass_hz = file.number_attribute("/", "lowpass_hz");
  device.notch_hz = file.number_attribute("/", "notch_hz");
  read_annotations(file, recording);
  return recording;
}

/// The row that options.member names: an exam_id, or a row number where the file has no ids.
std::int64_t code_row(const Hdf5File& file, std::int64_t rows, const std::string& member) {
  const bool has_ids = file.contains("exam_id");
  if (member.empty()) {
    if (rows == 1) return 0;
    throw usage_error(
        fmt::format("{}: holds {} recordings", file.source(), rows),
        fmt::format("name one: PATH::{}", has_ids ? "EXAM_ID" : "ROW (counted from 0)"));
  }
  const auto wanted = parse_int(member);
  if (!has_ids) {
    if (wanted && *wanted >= 0 && *wanted < rows) return *wanted;
    throw data_error(file.source(), "tracings",
                     fmt::format("has no row \"{}\" (want 0 to {})", member, rows - 1));
  }
  const auto ids = file.integers("exam_id");
  if (static_cast<std::int64_t>(ids.size()) != rows)
    throw data_error(
        file.source(), "exam_id",
        fmt::format("has another length than tracings (got {}, want {})", ids.size(), rows));
  const auto found = wanted ? std::ranges::find(ids, *wanted) : ids.end();
  if (found == ids.end())
    throw data_error(file.source(), "exam_id", fmt::format("has no \"{}\"", member));
  if (std::count(ids.begin(), ids.end(), *wanted) > 1)
    throw data_error(file.source(), "exam_id", fmt::format("has \"{}\" more than once", member));
  return found - ids.begin();
}

/// The frames between the first and the last in which any lead is not zero; all if there is none.
std::pair<std::size_t, std::size_t> without_padding(const std::vector<float>& values,
                                                    std::size_t leads) {
  const auto is_signal = [](float value) { return value != 0; };
  const auto first = std::ranges::find_if(values, is_signal);
  if (first == values.end()) return {0, values.size() / leads};
  const auto last = std::find_if(values.rbegin(), values.rend(), is_signal).base();
  return {static_cast<std::size_t>(first - values.begin()) / leads,
          (static_cast<std::size_t>(last - values.begin()) + leads - 1) / leads};
}

signal::Recording read_code(const Hdf5File& file, const ReadOptions& options) {
  const Hdf5Object object = file.object("tracings");
  if (object.kind != Hdf5Kind::floating || object.dims.size() != 3 || object.dims[2] != 12)
    throw data_error(file.source(), "tracings", "want floats, recordings x samples x 12 leads");
  const std::int64_t row = code_row(file, object.dims[0], options.member);
  const auto values = file.floats("tracings", row);
  const std::size_t count = signal::kStandardLeads.size();
  const auto [first, last] = without_padding(values, count);
  std::vector<std::string> leads = options.leads;
  if (leads.empty()) leads.assign(signal::kStandardLeads.begin(), signal::kStandardLeads.end());
  std::vector<std::string> notes;
  leads = choose_leads(file.source(), count, leads, options, notes);
  const auto rate = number_of(file, "tracings", "rate_hz");
  signal::Recording recording(std::move(leads), static_cast<std::int64_t>(last - first),
                              require_rate(file.source(), rate.value_or(kCodeRateHz), options));
  if (!rate && !options.rate_hz) notes.push_back("CODE layout, which names no sample rate: 400 Hz");
  if (static_cast<std::int64_t>(last - first) != object.dims[1])
    notes.push_back(fmt::format("zero padding taken off: {} samples before, {} after", first,
                                object.dims[1] - static_cast<std::int64_t>(last)));
  const std::string unit = unit_of(file, "tracings");
  ReadOptions known = options;
  take_gain(file, "tracings", known);
  const Scale scale = known.gain_adu_per_mv ? require_scale(file.source(), known)
                                            : float_scale(file.source(), unit, known);
  if (!scale.is_known)
    notes.push_back("CODE layout, whose unit is not certain: taken as mV (--gain to scale)");
  recording.unit_is_known = scale.is_known;
  recording.notes = std::move(notes);
  for (std::size_t l = 0; l < count; ++l)
    for (std::size_t t = first; t < last; ++t)
      recording.lead(l)[t - first] = scale.millivolts * values[t * count + l];
  return recording;
}

signal::Recording read_sph(const Hdf5File& file, const ReadOptions& options) {
  const Hdf5Object object = file.object("ecg");
  const bool is_sph = object.item_size == 2 && !object.dims.empty() && object.dims[0] == 12;
  auto rate = number_of(file, "ecg", "rate_hz");
  const bool is_guess = !rate && !options.rate_hz;
  if (is_sph && !rate) rate = kSphRateHz;
  ReadOptions known = options;
  known.rate_hz = require_rate(file.source(), rate, options);
  if (is_sph && known.leads.empty())
    known.leads.assign(signal::kStandardLeads.begin(), signal::kStandardLeads.end());
  signal::Recording recording = read_matrix(file, "ecg", known);
  recording.unit_is_known = recording.unit_is_known || is_sph;  // its publication says mV
  if (is_guess) recording.notes.push_back("SPH layout, which names no sample rate: 500 Hz");
  return recording;
}

}  // namespace

std::vector<std::string> hdf5_members(const Hdf5File& file) {
  std::vector<std::string> names;
  if (!file.contains("tracings")) return names;
  const auto dims = file.object("tracings").dims;
  if (dims.empty() || dims[0] < 2) return names;
  if (file.contains("exam_id")) {
    for (const std::int64_t id : file.integers("exam_id")) names.push_back(std::to_string(id));
  } else {
    for (std::int64_t row = 0; row < dims[0]; ++row) names.push_back(std::to_string(row));
  }
  return names;
}

signal::Recording read_hdf5_recording(const Hdf5File& file, const ReadOptions& options) {
  if (file.contains("tracings")) return read_code(file, options);
  if (!options.member.empty())
    throw usage_error(
        fmt::format("{}: holds one recording, none named \"{}\"", file.source(), options.member));
  if (file.contains("samples")) return read_own(file, options);
  if (file.contains("ecg")) return read_sph(file, options);
  throw data_error(file.source(), "data sets", "no recording: want samples, tracings or ecg");
}

}  // namespace einthoven::format
