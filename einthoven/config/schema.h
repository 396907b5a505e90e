// Which groups a configuration has, what may be chosen for each, and the options of every choice.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "einthoven/config/value.h"
#include "einthoven/config/visitor.h"

namespace einthoven::config {

/// Describes an options struct with its default values; the fields are used only while it runs.
using Describe = std::function<void(Visitor&)>;

/// A field without its storage: what help and checking need.
struct FieldInfo {
  std::string name;
  std::string type;
  std::string help;
  FieldRules rules;
  Value default_value;
};

std::vector<FieldInfo> field_infos(const Describe& describe);

/// One top-level key of a configuration.
struct Group {
  std::string name;
  std::string help;
  /// Options by `_name`; a typed group has a single choice with an empty name.
  std::vector<std::pair<std::string, Describe>> choices;
  std::map<std::string, std::string> aliases = {};  ///< other spelling -> name of a choice
  bool required = false;                            ///< must not stay null

  bool typed() const { return choices.size() == 1 && choices.front().first.empty(); }
  std::vector<std::string> choice_names() const;
  /// The options of `name` (or of what it is an alias of), or null.
  const std::pair<std::string, Describe>* find(const std::string& name) const;
};

/// Groups in the order of the reference's saved configurations.
struct Schema {
  std::vector<Group> groups;

  const Group* find(const std::string& name) const;
  std::vector<std::string> group_names() const;
};

/// common, common_eval, distributed_training, dataset, optimization, checkpoint (groups.h).
std::vector<Group> typed_groups();

}  // namespace einthoven::config
