#include "einthoven/checkpoint/key_rules.h"

#include <optional>
#include <string_view>

#include "einthoven/base/error.h"

namespace einthoven::checkpoint {
namespace {

/// What each `{}` of the pattern stands for; the shortest runs, from the left.
std::optional<std::vector<std::string_view>> match(std::string_view key, std::string_view pattern) {
  const std::size_t hole = pattern.find("{}");
  if (hole == std::string_view::npos)
    return key == pattern ? std::optional(std::vector<std::string_view>{}) : std::nullopt;
  if (key.substr(0, hole) != pattern.substr(0, hole)) return std::nullopt;
  const std::string_view rest = pattern.substr(hole + 2);
  for (std::size_t length = 0; hole + length <= key.size(); ++length) {
    auto runs = match(key.substr(hole + length), rest);
    if (!runs) continue;
    runs->insert(runs->begin(), key.substr(hole, length));
    return runs;
  }
  return std::nullopt;
}

std::string fill(std::string_view pattern, const std::vector<std::string_view>& runs) {
  std::string key;
  for (const std::string_view run : runs) {
    const std::size_t hole = pattern.find("{}");
    if (hole == std::string_view::npos) break;
    key.append(pattern.substr(0, hole)).append(run);
    pattern.remove_prefix(hole + 2);
  }
  return key.append(pattern);
}

}  // namespace

std::string rename_key(const std::string& key, const std::vector<KeyRule>& rules) {
  for (const KeyRule& rule : rules)
    if (const auto runs = match(key, rule.from)) return fill(rule.to, *runs);
  return key;
}

StateDict rename_keys(const StateDict& tensors, const std::vector<KeyRule>& rules) {
  StateDict renamed;
  for (const auto& [key, tensor] : tensors) {
    const std::string name = rename_key(key, rules);
    if (renamed.find(name) != nullptr)
      throw checkpoint_error("state dict", name, "is there twice, also as " + key);
    renamed.set(name, tensor);
  }
  return renamed;
}

const std::vector<KeyRule>& weight_norm_rules() {
  static const std::vector<KeyRule> rules = {
      {"{}.weight_g", "{}.parametrizations.weight.original0"},
      {"{}.weight_v", "{}.parametrizations.weight.original1"},
  };
  return rules;
}

}  // namespace einthoven::checkpoint
