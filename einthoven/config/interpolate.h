// `${a.b}` references within a configuration tree.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "einthoven/config/value.h"

namespace einthoven::config {

/// The value at a dotted path of maps (and list indices), or null pointer.
const Value* find_path(const Value& root, std::string_view path);

bool is_interpolated(const Value& value);

/// `value` with each `${a.b}` replaced by what `root` has there, followed further if that refers
/// on; a text that is nothing but a reference becomes the value itself, otherwise its text.
/// `${env:NAME}` is an environment variable. Config error for a target that does not exist and for
/// references that go in a circle.
Value interpolate(const Value& value, const Value& root);

}  // namespace einthoven::config
