#include "einthoven/train/same_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace einthoven::train {
namespace {

constexpr std::array<std::string_view, 6> kOwn = {
    "distributed_rank", "device_id", "distributed_init_method",
    "distributed_port", "log_file",  "num_workers"};

/// "model.encoder_layers (2, here 1)", or nothing.
std::string difference(const config::Value& first, const config::Value& here,
                       const std::string& path) {
  if (first == here) return {};
  if (!first.is_object() || !here.is_object())
    return fmt::format("{} ({}, here {})", path, first.dump(), here.dump());
  for (const auto* tree : {&first, &here})
    for (const auto& item : tree->items()) {
      const std::string& key = item.key();
      if (std::ranges::find(kOwn, key) != kOwn.end()) continue;
      const auto at = [&](const config::Value& in) {
        return in.contains(key) ? in.at(key) : config::Value();
      };
      const std::string name = path.empty() ? key : path + "." + key;
      if (std::string found = difference(at(first), at(here), name); !found.empty()) return found;
    }
  return {};
}

}  // namespace

void require_same_config(const config::Value& config, distributed::Group& processes) {
  if (processes.size() == 1) return;
  const auto first = config::Value::parse(processes.broadcast(config.dump()));
  const auto found = processes.gather(difference(first, config, ""));
  for (std::size_t rank = 0; rank < found.size(); ++rank)
    if (!found[rank].empty())
      throw config_error(fmt::format("process {} has another configuration than the first: {}",
                                     rank, found[rank]));
}

}  // namespace einthoven::train
