#include "einthoven/config/visitor.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/json_text.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/python_literal.h"

namespace einthoven::config {
namespace {

/// Name of a type, and its value out of a tree as omegaconf converts it; nothing if unsuitable.
template <class T>
struct Form;

template <>
struct Form<bool> {
  static std::string name() { return "bool"; }
  static std::optional<bool> read(const Value& value) {
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_number_integer()) return value.get<std::int64_t>() != 0;
    if (!value.is_string()) return std::nullopt;
    const std::string text = lower(value.get<std::string>());
    for (const auto* word : {"true", "yes", "y", "on", "1"}) {
      if (text == word) return true;
    }
    for (const auto* word : {"false", "no", "n", "off", "0"}) {
      if (text == word) return false;
    }
    return std::nullopt;
  }
};

template <>
struct Form<std::int64_t> {
  static std::string name() { return "int"; }
  static std::optional<std::int64_t> read(const Value& value) {
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_string()) return parse_int(value.get<std::string>());
    if (!value.is_number_float()) return std::nullopt;
    const double number = value.get<double>();  // 1e6 in YAML
    const bool whole = std::floor(number) == number && std::abs(number) < 9e15;
    return whole ? std::optional(static_cast<std::int64_t>(number)) : std::nullopt;
  }
};

template <>
struct Form<double> {
  static std::string name() { return "float"; }
  static std::optional<double> read(const Value& value) {
    if (value.is_number()) return value.get<double>();
    if (value.is_string()) return parse_double(value.get<std::string>());
    return std::nullopt;
  }
};

template <>
struct Form<std::string> {
  static std::string name() { return "str"; }
  static std::optional<std::string> read(const Value& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null() || value.is_structured()) return std::nullopt;
    return format_python_literal(value);
  }
};

template <>
struct Form<Value> {
  static std::string name() { return "any"; }
  static std::optional<Value> read(const Value& value) { return value; }
};

template <class T>
struct Form<std::vector<T>> {
  static std::string name() { return "list[" + Form<T>::name() + "]"; }
  static std::optional<std::vector<T>> read(const Value& value) {
    if (value.is_string()) {
      const auto list = try_parse_python_literal(value.get<std::string>());
      return list && list->is_array() ? read(*list) : std::nullopt;
    }
    if (!value.is_array()) return std::nullopt;
    std::vector<T> out;
    for (const Value& item : value) {
      const auto element = Form<T>::read(item);
      if (!element) return std::nullopt;
      out.push_back(*element);
    }
    return out;
  }
};

template <class T>
struct Form<std::optional<T>> {
  static std::string name() { return Form<T>::name() + "?"; }
  static std::optional<std::optional<T>> read(const Value& value) {
    if (value.is_null()) return std::optional<T>();
    auto inner = Form<T>::read(value);
    if (!inner) return std::nullopt;
    return std::optional<std::optional<T>>(std::in_place, std::move(inner));
  }
};

template <class T>
Value to_value(const T& value) {
  return Value(value);
}

template <class T>
Value to_value(const std::optional<T>& value) {
  return value ? Value(*value) : Value(nullptr);
}

void check_choice(const Value& value, const std::vector<std::string>& choices) {
  if (choices.empty() || value.is_null()) return;
  if (value.is_array()) {
    for (const Value& item : value) check_choice(item, choices);
    return;
  }
  const std::string text = value.is_string() ? value.get<std::string>() : json_text(value);
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return;
  throw config_error(fmt::format("want one of {}, got {}{}", join(choices, ", "),
                                 format_python_literal(value), did_you_mean(text, choices)));
}

std::string range_text(const FieldRules& rules) {
  if (rules.least && rules.most) return fmt::format("from {} to {}", *rules.least, *rules.most);
  return rules.least ? fmt::format("of {} or more", *rules.least)
                     : fmt::format("of {} or less", *rules.most);
}

void check_range(const Value& value, const FieldRules& rules, const std::string& type) {
  if (!rules.least && !rules.most) return;
  if (value.is_array()) {
    for (const Value& item : value) check_range(item, rules, type);
    return;
  }
  if (!value.is_number()) return;
  const auto number = value.get<double>();  // NaN is within no bounds
  const bool within =
      number >= rules.least.value_or(-INFINITY) && number <= rules.most.value_or(INFINITY);
  if (!within)
    throw config_error(
        fmt::format("want {} {}, got {}", type, range_text(rules), format_python_literal(value)));
}

}  // namespace

template <class T>
Field make_field(std::string_view name, T& value, std::string_view help, FieldRules rules) {
  Field field{std::string(name), Form<T>::name(), std::string(help), std::move(rules), {}, {}};
  field.get = [&value] { return to_value(value); };
  field.set = [&value, rules = field.rules](const Value& given) {
    auto read = Form<T>::read(given);
    if (!read) {
      throw config_error(
          fmt::format("want {}, got {}", Form<T>::name(), format_python_literal(given)));
    }
    const Value typed = to_value(*read);
    check_choice(typed, rules.choices);
    check_range(typed, rules, Form<T>::name());
    value = std::move(*read);
  };
  return field;
}

#define EINTHOVEN_FIELD(T)                                                          \
  template Field make_field<T>(std::string_view, T&, std::string_view, FieldRules); \
  template Field make_field<std::optional<T>>(std::string_view, std::optional<T>&,  \
                                              std::string_view, FieldRules);
EINTHOVEN_FIELD(bool)
EINTHOVEN_FIELD(std::int64_t)
EINTHOVEN_FIELD(double)
EINTHOVEN_FIELD(std::string)
EINTHOVEN_FIELD(std::vector<std::int64_t>)
EINTHOVEN_FIELD(std::vector<double>)
EINTHOVEN_FIELD(std::vector<std::string>)
#undef EINTHOVEN_FIELD
template Field make_field<Value>(std::string_view, Value&, std::string_view, FieldRules);

}  // namespace einthoven::config
