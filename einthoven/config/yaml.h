// YAML files as hydra and omegaconf read them, with the place of every value.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "einthoven/base/file.h"
#include "einthoven/config/value.h"

namespace einthoven::config {

/// Dotted key ("model.in_d") to "file.yaml:12".
using Positions = std::map<std::string, std::string, std::less<>>;

/// The only document of `text`; an empty one is null. YAML 1.1 scalars (yes/no/on/off, octal,
/// sexagesimal) with omegaconf's floats (`1e-6` is a number); quoted scalars stay text. Config
/// error `source:line:column: problem` for bad syntax, duplicate keys, unknown tags, nesting beyond
/// 64 and aliases that expand to more than 100,000 values.
Value parse_yaml(std::string_view text, const std::string& source, Positions* positions = nullptr);

Value read_yaml(const fs::path& path, Positions* positions = nullptr);

/// Block style; reads back as the same value.
std::string format_yaml(const Value& value);

}  // namespace einthoven::config
