#include "einthoven/format/recording_info.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/json_text.h"

namespace einthoven::format {
namespace {

using Json = nlohmann::ordered_json;

Json device_to_json(const signal::Device& device) {
  Json json = Json::object();
  const auto add = [&](const char* key, const auto& value) {
    if (value) json[key] = *value;
  };
  if (!device.manufacturer.empty()) json["manufacturer"] = device.manufacturer;
  if (!device.model.empty()) json["model"] = device.model;
  add("highpass_hz", device.highpass_hz);
  add("lowpass_hz", device.lowpass_hz);
  add("notch_hz", device.notch_hz);
  return json;
}

signal::Device device_from_json(const Json& json) {
  signal::Device device;
  const auto number = [&](const char* key) {
    return json.contains(key) ? std::optional(json[key].get<double>()) : std::nullopt;
  };
  device.manufacturer = json.value("manufacturer", "");
  device.model = json.value("model", "");
  device.highpass_hz = number("highpass_hz");
  device.lowpass_hz = number("lowpass_hz");
  device.notch_hz = number("notch_hz");
  return device;
}

Json mark_to_json(const signal::Annotation& mark) {
  Json json = {{"sample", mark.sample}, {"symbol", mark.symbol}};
  if (mark.subtype != 0) json["subtype"] = mark.subtype;
  if (mark.channel != 0) json["channel"] = mark.channel;
  if (mark.number != 0) json["number"] = mark.number;
  if (!mark.text.empty()) json["text"] = mark.text;
  return json;
}

signal::Annotation mark_from_json(const Json& json) {
  return {json.at("sample").get<std::int64_t>(),
          json.at("symbol").get<std::string>(),
          json.value("subtype", 0),
          json.value("channel", 0),
          json.value("number", 0),
          json.value("text", "")};
}

}  // namespace

bool is_known(const signal::Device& device) {
  return !device.manufacturer.empty() || !device.model.empty() || device.highpass_hz ||
         device.lowpass_hz || device.notch_hz;
}

Json info_to_json(const signal::RecordingInfo& info) {
  Json json = Json::object();
  if (!info.comments.empty()) json["comments"] = info.comments;
  if (!info.statements.empty()) json["statements"] = info.statements;
  if (!info.base_date.empty()) json["base_date"] = info.base_date;
  if (!info.base_time.empty()) json["base_time"] = info.base_time;
  if (is_known(info.device)) json["device"] = device_to_json(info.device);
  for (const auto& mark : info.annotations) json["annotations"].push_back(mark_to_json(mark));
  return json;
}

std::string info_text(const signal::RecordingInfo& info) {
  const Json json = info_to_json(info);
  return json.empty() ? "" : json_text(json);
}

void take_info(const Json& json, const std::string& source, signal::Recording& recording) {
  try {
    recording.comments = json.value("comments", recording.comments);
    recording.statements = json.value("statements", recording.statements);
    recording.base_date = json.value("base_date", recording.base_date);
    recording.base_time = json.value("base_time", recording.base_time);
    if (json.contains("device")) recording.device = device_from_json(json["device"]);
    if (json.contains("annotations"))
      for (const Json& mark : json["annotations"])
        recording.annotations.push_back(mark_from_json(mark));
  } catch (const Json::exception& error) {
    throw data_error(source, "info", error.what());
  }
}

void take_info_text(std::string_view text, const std::string& source,
                    signal::Recording& recording) {
  if (text.empty()) return;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) throw data_error(source, "info", "is not a JSON object");
  take_info(json, source, recording);
}

std::string mark_text(const signal::Annotation& mark) {
  return mark.text.empty() ? mark.symbol : mark.text;
}

signal::Annotation mark_of_text(std::int64_t sample, const std::string& text) {
  signal::Annotation mark;
  mark.sample = sample;
  const bool is_symbol = text.size() == 1;
  mark.symbol = is_symbol ? text : "\"";
  if (!is_symbol) mark.text = text;
  return mark;
}

std::vector<std::string> lost_parts(const signal::RecordingInfo& info, const InfoParts& kept) {
  std::vector<std::string> lost;
  const auto lose = [&](bool keeps, std::size_t count, const char* what) {
    if (!keeps && count > 0) lost.push_back(fmt::format("{} {}", count, what));
  };
  lose(kept.comments, info.comments.size(), "comments");
  lose(kept.statements, info.statements.size(), "statements");
  lose(kept.annotations, info.annotations.size(), "annotations");
  if (!kept.device && is_known(info.device)) lost.emplace_back("the device and its filters");
  if (!kept.time && !info.base_time.empty()) lost.emplace_back("the time of day");
  return lost;
}

}  // namespace einthoven::format
