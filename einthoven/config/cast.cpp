#include "einthoven/config/cast.h"

#include <fmt/core.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/python_literal.h"

namespace einthoven::config {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

[[noreturn]] void refuse(std::string_view type, const Value& value) {
  throw usage_error(
      fmt::format("{}({:.120}): has no such value", type, format_python_literal(value)));
}

/// The text of a number as C++ reads it: without blanks, underscores and a leading plus.
std::string number_text(const Value& text) {
  const std::string number = without_underscores(trim(text.get_ref<const std::string&>()));
  return number.substr(number.starts_with('+') ? 1 : 0);
}

Value to_int(const Value& value) {
  constexpr double kBeyond = 0x1p63;
  if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
  if (value.is_number_integer()) return value;
  if (value.is_number_float() && std::abs(value.get<double>()) < kBeyond)
    return static_cast<std::int64_t>(value.get<double>());
  if (value.is_string())
    if (const auto number = parse_int(number_text(value))) return *number;
  refuse("int", value);
}

Value to_float(const Value& value) {
  if (value.is_boolean()) return value.get<bool>() ? 1.0 : 0.0;
  if (value.is_number()) return value.get<double>();
  if (value.is_string())
    if (const auto number = parse_double(number_text(value))) return *number;
  refuse("float", value);
}

Value to_str(const Value& value) {
  if (value.is_string()) return value;
  if (value.is_number_float()) return python_float(value.get<double>());
  if (value.is_null()) refuse("str", value);
  return value.dump();
}

Value to_bool(const Value& value) {
  if (value.is_null()) return false;
  if (value.is_boolean()) return value;
  if (value.is_number()) return value.get<double>() != 0;
  const std::string text = lower(value.get_ref<const std::string&>());
  if (text != "true" && text != "false") refuse("bool", value);
  return text == "true";
}

}  // namespace

Value cast(std::string_view type, const Value& value) {
  if (value.is_structured()) {
    Value out = value;
    for (Value& item : out) item = cast(type, item);
    return out;
  }
  if (type == "int") return to_int(value);
  if (type == "float") return to_float(value);
  return type == "str" ? to_str(value) : to_bool(value);
}

std::string without_underscores(std::string_view number) {
  std::string plain;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (number[i] != '_') {
      plain += number[i];
    } else if (i == 0 || i + 1 == number.size() || !is_digit(number[i - 1]) ||
               !is_digit(number[i + 1])) {
      return std::string(number);
    }
  }
  return plain;
}

}  // namespace einthoven::config
