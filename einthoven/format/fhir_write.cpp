#include "einthoven/format/fhir_write.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/json_text.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/recording_info.h"
#include "einthoven/format/scp_leads.h"

namespace einthoven::format {
namespace {

using Json = nlohmann::ordered_json;

/// MDC_ECG_ELEC_POTL; that of a lead is higher by the lead's SCP-ECG code.
constexpr int kPotential = 131328;
constexpr const char* kMdc = "urn:iso:std:iso:11073:10101";
constexpr const char* kDeviceId = "device";

std::string data_of(std::span<const float> samples) {
  std::string text;
  char number[64];
  for (const float value : samples) {
    if (!text.empty()) text += ' ';
    if (std::isfinite(value))
      text.append(
          number,
          std::to_chars(number, number + sizeof number, value, std::chars_format::fixed).ptr);
    else
      text += 'E';
  }
  return text;
}

std::string upper_of(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

Json code_of(const std::string& lead) {
  Json code = Json::object();
  if (const int number = scp_lead_code(lead); number != 0)
    code["coding"] = {{{"system", kMdc},
                       {"code", std::to_string(kPotential + number)},
                       {"display", "MDC_ECG_ELEC_POTL_" + upper_of(lead)}}};
  code["text"] = lead;
  return code;
}

Json component_of(const signal::Recording& recording, std::size_t lead) {
  const Json millivolts = {
      {"value", 0}, {"unit", "mV"}, {"system", "http://unitsofmeasure.org"}, {"code", "mV"}};
  return {{"code", code_of(recording.leads[lead])},
          {"valueSampledData",
           {{"origin", millivolts},
            {"period", 1000 / recording.rate_hz},
            {"dimensions", 1},
            {"data", data_of(recording.lead(lead))}}}};
}

/// A Device resource: its properties in R4 are the settings that it ran with.
Json device_resource(const signal::Device& device) {
  Json json = {{"resourceType", "Device"}, {"id", kDeviceId}};
  if (!device.manufacturer.empty()) json["manufacturer"] = device.manufacturer;
  if (!device.model.empty()) json["modelNumber"] = device.model;
  const auto add = [&](const char* name, std::optional<double> hz) {
    if (hz)
      json["property"].push_back({{"type", {{"text", name}}},
                                  {"valueQuantity",
                                   {{{"value", *hz},
                                     {"unit", "Hz"},
                                     {"system", "http://unitsofmeasure.org"},
                                     {"code", "Hz"}}}}});
  };
  add("high-pass filter", device.highpass_hz);
  add("low-pass filter", device.lowpass_hz);
  add("notch filter", device.notch_hz);
  return json;
}

}  // namespace

void write_fhir_recording(const fs::path& path, const signal::Recording& recording) {
  if (fs::exists(fs::path(path).replace_extension(".npy")))
    throw usage_error(path.string() + ": would replace what describes the .npy file beside it",
                      "choose another name");
  if (recording.length() == 0 || recording.lead_count() == 0)
    throw usage_error(path.string() + ": FHIR has no SampledData without samples");
  Json observation = {
      {"resourceType", "Observation"},
      {"status", "unknown"},
      {"category",
       {{{"coding",
          {{{"system", "http://terminology.hl7.org/CodeSystem/observation-category"},
            {"code", "procedure"}}}}}}},
      {"code",
       {{"coding",
         {{{"system", kMdc},
           {"code", std::to_string(kPotential)},
           {"display", "MDC_ECG_ELEC_POTL"}}}},
        {"text", "ECG"}}}};
  if (!recording.base_date.empty()) observation["effectiveDateTime"] = recording.base_date;
  if (is_known(recording.device)) {
    observation["contained"].push_back(device_resource(recording.device));
    observation["device"]["reference"] = std::string("#") + kDeviceId;
    const auto& [manufacturer, model, highpass, lowpass, notch] = recording.device;
    if (!manufacturer.empty() || !model.empty())
      observation["device"]["display"] = std::string(trim(manufacturer + " " + model));
  }
  for (const auto& statement : recording.statements)
    observation["note"].push_back({{"text", statement}});
  for (std::size_t l = 0; l < recording.lead_count(); ++l)
    observation["component"].push_back(component_of(recording, l));
  write_file_atomically(path, json_text(observation, 1) + "\n");
}

}  // namespace einthoven::format
