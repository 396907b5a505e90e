// What an unquoted YAML scalar means.
#pragma once

#include <string_view>

#include "einthoven/config/value.h"

namespace einthoven::config {

/// null, bool, integer, float or text, by the rules of YAML 1.1 as PyYAML has them and the float
/// pattern of omegaconf 2.0.
Value yaml_scalar(std::string_view text);

}  // namespace einthoven::config
