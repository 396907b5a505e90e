#include "einthoven/config/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "einthoven/base/strings.h"

namespace einthoven::config {
namespace {

bool is_word(std::string_view text, std::string_view word) {
  std::string capital(word);
  capital[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
  std::string upper = lower(word);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text == word || text == capital || text == upper;
}

std::optional<bool> as_bool(std::string_view text) {
  for (const auto* word : {"yes", "true", "on"}) {
    if (is_word(text, word)) return true;
  }
  for (const auto* word : {"no", "false", "off"}) {
    if (is_word(text, word)) return false;
  }
  return std::nullopt;
}

/// Digits of one base with underscores between them; the first must be a digit.
std::optional<std::int64_t> digits(std::string_view text, int base) {
  std::string plain;
  for (const char c : text) {
    if (c == '_') continue;
    if (base == 16 ? !std::isxdigit(static_cast<unsigned char>(c)) : c < '0' || c >= '0' + base) {
      return std::nullopt;
    }
    plain += c;
  }
  if (plain.empty() || plain.size() > 62 || (base != 16 && text[0] == '_')) return std::nullopt;
  errno = 0;
  const long long value = std::strtoll(plain.c_str(), nullptr, base);
  return errno == 0 ? std::optional<std::int64_t>(value) : std::nullopt;
}

/// "1:30" is 90: base-60 digits after the first number.
std::optional<double> sexagesimal(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() < 2) return std::nullopt;
  double value = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = parse_double(parts[i]);
    const bool in_range = number && (i == 0 || *number < 60) &&
                          std::isdigit(static_cast<unsigned char>(parts[i][0])) != 0;
    if (!in_range || parts[i].find_first_of("eE") != text.npos) return std::nullopt;
    value = value * 60 + *number;
  }
  return value;
}

std::optional<std::int64_t> as_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::optional<std::int64_t> value;
  if (text.starts_with("0b")) {
    value = digits(text.substr(2), 2);
  } else if (text.starts_with("0x")) {
    value = digits(text.substr(2), 16);
  } else if (text.size() > 1 && text.starts_with('0')) {
    value = digits(text, 8);
  } else {
    value = digits(text, 10);
  }
  if (!value && text.find('.') == text.npos && !text.starts_with('0')) {
    constexpr double kBeyond = 0x1p63;
    const auto sixties = sexagesimal(text);
    if (sixties && *sixties < kBeyond) value = static_cast<std::int64_t>(*sixties);
  }
  if (!value) return std::nullopt;
  return negative ? -*value : *value;
}

/// omegaconf: digits with a point or an exponent, `.5`, `.inf`, `.nan`.
std::optional<double> as_float(std::string_view text) {
  const double sign = text.starts_with('-') ? -1 : 1;
  std::string_view rest = text;
  if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
  if (is_word(rest.substr(std::min<std::size_t>(rest.size(), 1)), "inf") && rest[0] == '.') {
    return sign * std::numeric_limits<double>::infinity();
  }
  if (text == ".nan" || text == ".NaN" || text == ".NAN") {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (rest.empty() || rest.find_first_not_of("0123456789_.eE+-:") != rest.npos) return std::nullopt;
  const bool starts =
      std::isdigit(static_cast<unsigned char>(rest[0])) ||
      (rest.size() > 1 && rest[0] == '.' && std::isdigit(static_cast<unsigned char>(rest[1])));
  if (!starts || rest.find_first_of(".eE") == rest.npos) return std::nullopt;
  std::string plain(rest);
  plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
  if (const auto sixties = sexagesimal(plain)) return sign * *sixties;
  if (plain.find(':') != plain.npos) return std::nullopt;
  if (const auto e = plain.find_first_of("eE"); e != plain.npos && plain.substr(e + 1, 1) == "+") {
    plain.erase(e + 1, 1);
  }
  const auto number = parse_double(plain);
  return number ? std::optional(sign * *number) : std::nullopt;
}

}  // namespace

Value yaml_scalar(std::string_view text) {
  if (text.empty() || text == "~" || is_word(text, "null")) return nullptr;
  if (const auto value = as_bool(text)) return *value;
  if (const auto value = as_integer(text)) return *value;
  if (const auto value = as_float(text)) return *value;
  return std::string(text);
}

}  // namespace einthoven::config
