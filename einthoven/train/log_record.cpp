#include "einthoven/train/log_record.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/progress.h"

namespace einthoven::train {

std::string json_line(const LogRecord& record) {
  config::Value line = {{"epoch", record.epoch}};
  if (!record.end_of_epoch && record.steps > 0) {
    const double share = static_cast<double>(record.step) / static_cast<double>(record.steps);
    line["update"] = round_decimals(static_cast<double>(record.epoch - 1) + share, 3);
  }
  const std::string prefix = record.end_of_epoch ? record.tag + "_" : "";
  for (const auto& [name, value] : record.stats) line[prefix + name] = fmt::format("{:g}", value);
  return line.dump();
}

std::string simple_line(const LogRecord& record) {
  const bool valid = record.end_of_epoch && record.tag != "train";
  std::string line = fmt::format("epoch {:03d}", record.epoch);
  if (valid) line += fmt::format(" | valid on '{}' subset", record.tag);
  if (record.end_of_epoch) {
    for (const auto& [name, value] : record.stats) line += fmt::format(" | {} {:g}", name, value);
    return line;
  }
  line += fmt::format(":  {:5d} / {:d} ", record.step, record.steps);
  for (const auto& [name, value] : record.stats) line += fmt::format("{}={:g}, ", name, value);
  if (record.eta_seconds) return line + "eta=" + format_duration(*record.eta_seconds);
  return line.substr(0, line.size() - 2);
}

}  // namespace einthoven::train
