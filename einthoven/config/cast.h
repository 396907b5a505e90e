// The casts of hydra's override grammar.
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "einthoven/config/value.h"

namespace einthoven::config {

inline constexpr std::array<std::string_view, 4> kCasts = {"int", "float", "str", "bool"};

/// int(value) and so on as hydra 1.0 and Python have it: int cuts fractions off, text is read as a
/// number (" 1_000 " too), bool knows true and false in any case, lists and maps are cast item by
/// item. Usage error for what has no such value.
Value cast(std::string_view type, const Value& value);

/// "1_000" without its underscores; unchanged unless each stands between two digits.
std::string without_underscores(std::string_view number);

}  // namespace einthoven::config
