#include "einthoven/config/apply_overrides.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "einthoven/base/strings.h"

namespace einthoven::config {
namespace {

constexpr const char* kCommandLine = "command line";

/// The map that holds the last part of the path, made on the way if asked; null if there is none.
Value* parent_of(Value& root, const std::vector<std::string>& path, bool make) {
  Value* node = &root;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    if (node->is_null() && make) *node = Value::object();
    if (!node->is_object() || (!make && !node->contains(path[i]))) return nullptr;
    node = &(*node)[path[i]];
  }
  if (node->is_null() && make) *node = Value::object();
  return node->is_object() ? node : nullptr;
}

class Merger {
 public:
  Merger(const Schema& schema, Recipe& recipe, Faults& faults)
      : schema_(schema), recipe_(recipe), faults_(faults) {}

  void apply(const Override& change) {
    if (change.path.front() == "hydra") return;
    const Group* group = schema_.find(change.path.front());
    if (group == nullptr) {
      const auto names = schema_.group_names();
      return fault(change, "unknown group" + did_you_mean(change.path.front(), names));
    }
    if (change.kind == Override::Kind::remove) return remove(change);
    if (change.path.size() == 1) return choose(change, *group);
    if (group->typed() ? allowed_in_typed(change, *group) : allowed_in_free(change, *group))
      set(change);
  }

 private:
  void fault(const Override& change, const std::string& problem) {
    faults_.add(kCommandLine, change.key(), problem);
  }

  const Value* find(const std::vector<std::string>& path) {
    const Value* parent = parent_of(recipe_.values, path, false);
    return parent != nullptr && parent->contains(path.back()) ? &(*parent)[path.back()] : nullptr;
  }

  /// Hydra's rule for `+`: a key that is null or still to be given may be added once more, and so
  /// may a list or a map.
  static bool may_add(const Override& change, const Value& current) {
    return current.is_null() || current == "???" || change.value.is_structured();
  }

  bool allowed_in_typed(const Override& change, const Group& group) {
    if (change.kind != Override::Kind::add) return true;
    for (const FieldInfo& info : field_infos(group.choices.front().second)) {
      if (info.name != change.path[1]) continue;
      const Value* given = find(change.path);
      if (may_add(change, given != nullptr ? *given : info.default_value)) return true;
      fault(change, fmt::format("`+` adds a key, but this one exists; write {}=...", change.key()));
      return false;
    }
    return true;  // reported as unknown, with the nearest key
  }

  /// Every option of what the group's `_name` chooses; empty if that is not known.
  std::vector<std::string> options_of(const Group& group) {
    const Value& values = recipe_.values[group.name];
    if (!values.is_object() || !values.contains("_name") || !values["_name"].is_string()) return {};
    const auto* choice = group.find(values["_name"].get<std::string>());
    std::vector<std::string> names;
    if (choice == nullptr) return names;
    for (const FieldInfo& info : field_infos(choice->second)) names.push_back(info.name);
    return names;
  }

  bool allowed_in_free(const Override& change, const Group& group) {
    const Value* there = find(change.path);
    if (change.kind == Override::Kind::add && there != nullptr && !may_add(change, *there)) {
      fault(change,
            fmt::format("`+` adds a key, but the recipe has it; write {}=...", change.key()));
      return false;
    }
    if (change.kind != Override::Kind::set || there != nullptr) return true;
    const auto known = options_of(group);
    const bool option = std::find(known.begin(), known.end(), change.path[1]) != known.end();
    if (known.empty() || option || change.path.size() > 2) {
      fault(change, fmt::format("the recipe has no such key; write +{} to add it", change.text));
    } else {
      fault(change, "unknown key" + did_you_mean(change.path[1], known));
    }
    return false;
  }

  void choose(const Override& change, const Group& group) {
    Value& current = recipe_.values[group.name];
    std::erase_if(recipe_.positions, [&](const auto& position) {
      return position.first.starts_with(group.name + ".");
    });
    recipe_.positions[group.name] = kCommandLine;
    if (change.value.is_string() && !group.typed()) {
      const auto name = change.value.get<std::string>();
      const auto* choice = group.find(name);
      current = Value::object({{"_name", name}});
      if (choice == nullptr) return;  // reported with the nearest name
      for (const FieldInfo& info : field_infos(choice->second)) {
        if (!info.rules.follows.empty()) continue;
        current[info.name] = info.rules.mandatory ? Value("???") : info.default_value;
      }
      return;
    }
    if (change.value.is_null() || change.value.is_object()) {
      current = change.value;
      return;
    }
    fault(change, fmt::format("is a group of options; write {}.KEY=...", group.name));
  }

  void remove(const Override& change) {
    Value* parent = parent_of(recipe_.values, change.path, false);
    if (parent == nullptr || parent->erase(change.path.back()) == 0) {
      fault(change, "cannot be removed: the recipe has no such key");
    }
  }

  void set(const Override& change) {
    Value* parent = parent_of(recipe_.values, change.path, true);
    if (parent == nullptr) return fault(change, "lies inside a value that is not a map");
    (*parent)[change.path.back()] = change.value;
    recipe_.positions[change.key()] = kCommandLine;
  }

  const Schema& schema_;
  Recipe& recipe_;
  Faults& faults_;
};

}  // namespace

void apply_overrides(const Schema& schema, const std::vector<Override>& overrides, Recipe& recipe,
                     Faults& faults) {
  Merger merger(schema, recipe, faults);
  for (const Override& change : overrides) merger.apply(change);
}

}  // namespace einthoven::config
