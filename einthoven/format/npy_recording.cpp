#include "einthoven/format/npy_recording.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/json_text.h"
#include "einthoven/format/array_layout.h"
#include "einthoven/format/recording_info.h"
#include "einthoven/format/wfdb_units.h"

namespace einthoven::format {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxSidecarBytes = 64 << 20;

fs::path sidecar_path(const fs::path& path) { return fs::path(path).replace_extension(".json"); }

/// The object in the .json file, empty if there is no file.
Json read_sidecar(const fs::path& path) {
  const fs::path sidecar = sidecar_path(path);
  if (!fs::is_regular_file(sidecar)) return Json::object();
  Json json = Json::parse(read_file(sidecar, kMaxSidecarBytes), nullptr, false);
  if (!json.is_object()) throw data_error(sidecar.string(), "content", "is not a JSON object");
  return json;
}

/// What the .json file says, for everything that the options leave open.
ReadOptions with_sidecar(const Json& json, const fs::path& path, ReadOptions options) {
  try {
    if (!options.rate_hz && json.contains("rate_hz"))
      options.rate_hz = json["rate_hz"].get<double>();
    if (options.leads.empty() && json.contains("leads"))
      options.leads = json["leads"].get<std::vector<std::string>>();
    if (!options.gain_adu_per_mv && json.contains("gain_adu_per_mv"))
      options.gain_adu_per_mv = json["gain_adu_per_mv"].get<double>();
  } catch (const Json::exception& error) {
    throw data_error(sidecar_path(path).string(), "content", error.what());
  }
  return options;
}

/// What the values of the array are; empty if the file does not say it.
std::string unit_of(const Json& json, const fs::path& path) {
  for (const char* name : {"units", "unit"}) {
    if (!json.contains(name)) continue;
    if (!json[name].is_string())
      throw data_error(sidecar_path(path).string(), name, "is not a text");
    return json[name].get<std::string>();
  }
  return {};
}

/// Before anything is written: no other document may give way to the sidecar.
void require_sidecar_place(const fs::path& path) {
  const fs::path sidecar = sidecar_path(path);
  if (fs::exists(sidecar) && !read_sidecar(path).contains("rate_hz"))
    throw usage_error(sidecar.string() + ": is needed beside the array, and is another document",
                      "choose another name for the array");
}

void write_sidecar(const fs::path& path, double rate_hz, const std::vector<std::string>& leads,
                   std::optional<double> gain, const Json& more) {
  Json json = {{"rate_hz", rate_hz}, {"leads", leads}, {"units", gain ? "adu" : "mV"}};
  if (gain) json["gain_adu_per_mv"] = *gain;
  json.update(more);
  write_file_atomically(sidecar_path(path), json_text(json, 2) + "\n");
}

/// The gain that turns all signals into millivolts without an offset, if there is one.
std::optional<double> common_gain(const std::vector<WfdbSignalSpec>& signals) {
  for (const auto& spec : signals)
    if (spec.gain != signals[0].gain || spec.baseline != 0 || millivolts_per(spec.units) != 1.0)
      return std::nullopt;
  return signals.empty() ? std::nullopt : std::optional(signals[0].gain);
}

}  // namespace

signal::Recording read_npy_recording(const fs::path& path, const ReadOptions& options) {
  const Json sidecar = read_sidecar(path);
  auto recording = recording_from_array(path.string(), read_npy(path), unit_of(sidecar, path),
                                        with_sidecar(sidecar, path, options));
  take_info(sidecar, sidecar_path(path).string(), recording);
  return recording;
}

signal::Recording recording_from_array(const std::string& source, const NpyArray& array,
                                       const std::string& unit, const ReadOptions& options) {
  if (array.shape.empty() || array.shape.size() > 2)
    throw data_error(source, "shape",
                     fmt::format("want one or two dimensions (got {})", array.shape.size()));
  const std::int64_t rows = array.shape.size() == 2 ? array.shape[0] : 1;
  const bool is_float = array.dtype.find('f') != std::string::npos;
  const Scale scale =
      is_float ? float_scale(source, unit, options) : integer_scale(source, unit, options);
  return recording_from_matrix(
      source, {array.as_float(), rows, array.shape.back(), array.shape.size() == 1}, scale,
      options);
}

void write_npy_recording(const fs::path& path, const signal::Recording& recording) {
  require_sidecar_place(path);
  write_npy<float>(path, {static_cast<std::int64_t>(recording.lead_count()), recording.length()},
                   recording.samples());
  write_sidecar(path, recording.rate_hz, recording.leads, std::nullopt, info_to_json(recording));
}

void write_npy_digital(const fs::path& path, const WfdbRecord& record) {
  if (path.extension() != ".npy")
    throw usage_error(path.string() + ": ADC integers are written as .npy only");
  require_sidecar_place(path);
  std::vector<std::int32_t> samples;
  for (std::size_t s = 0; s < record.header.signals.size(); ++s) {
    const auto digital = record.digital(s);
    samples.insert(samples.end(), digital.begin(), digital.end());
  }
  write_npy<std::int32_t>(
      path, {static_cast<std::int64_t>(record.header.signals.size()), record.length}, samples);
  write_sidecar(path, record.header.rate_hz, wfdb_lead_names(record.header.signals),
                common_gain(record.header.signals), Json::object());
}

}  // namespace einthoven::format
