// Options structs from and to configuration trees.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/config/visitor.h"

namespace einthoven::config {

enum class UnknownKeys { refuse, ignore };

/// All fields that a describe() names, in order.
std::vector<Field> fields_of(const std::function<void(Visitor&)>& describe);

/// Sets every field present in `values` (a map; `_name` is always accepted). Unknown keys, wrong
/// types and missing mandatory values are collected into one config error that names each key as
/// `prefix.key`, with the nearest known key.
void load_fields(const std::function<void(Visitor&)>& describe, const Value& values,
                 std::string_view prefix, UnknownKeys unknown);

Value dump_fields(const std::function<void(Visitor&)>& describe);

template <class T>
void load(T& options, const Value& values, std::string_view prefix,
          UnknownKeys unknown = UnknownKeys::refuse) {
  load_fields([&](Visitor& v) { options.describe(v); }, values, prefix, unknown);
}

template <class T>
auto dump(T& options) {
  return dump_fields([&](Visitor& v) { options.describe(v); });
}

}  // namespace einthoven::config
