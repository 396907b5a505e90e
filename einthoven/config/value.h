// The untyped configuration tree: what YAML, JSON and the cfg of a checkpoint become.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace einthoven::config {

/// null, bool, integer, float, text, list, or map in the order of its source.
using Value = nlohmann::ordered_json;

}  // namespace einthoven::config
