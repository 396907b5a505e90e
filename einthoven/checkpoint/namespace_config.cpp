#include "einthoven/checkpoint/namespace_config.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace einthoven::checkpoint {
namespace {

using config::Value;

constexpr std::array<const char*, 6> kPlainGroups = {
    "common", "common_eval", "distributed_training", "dataset", "optimization", "checkpoint"};

// Group and the flat key that names its choice.
constexpr std::array<std::pair<const char*, const char*>, 5> kNamedGroups = {{
    {"model", "arch"},
    {"task", "task"},
    {"criterion", "criterion"},
    {"optimizer", "optimizer"},
    {"lr_scheduler", "lr_scheduler"},
}};

Value upgraded(Value flat) {
  if (flat.contains("lr") && flat["lr"].is_number()) flat["lr"] = Value::array({flat["lr"]});
  if (flat.contains("data") && flat["data"].is_array() && !flat["data"].empty()) {
    Value first = flat["data"][0];
    flat["data"] = std::move(first);
  }
  if (flat.contains("min_lr") && !flat.contains("stop_min_lr"))
    flat["stop_min_lr"] = flat["min_lr"];
  return flat;
}

}  // namespace

Value config_of_namespace(const Value& args) {
  if (!args.is_object()) return nullptr;
  const Value flat = upgraded(args);
  Value config = Value::object();
  for (const char* group : kPlainGroups) config[group] = flat;
  for (const auto& [group, key] : kNamedGroups) {
    config[group] = flat;
    if (flat.contains(key)) config[group]["_name"] = flat[key];
  }
  return config;
}

}  // namespace einthoven::checkpoint
