#include "einthoven/format/wfdb_header_fields.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "einthoven/base/strings.h"

namespace einthoven::format {
namespace {

template <class T>
std::optional<T> take_number(std::string_view& rest) {
  std::string_view digits = rest;
  if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
  T value{};
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc{}) return std::nullopt;
  digits.remove_prefix(static_cast<std::size_t>(end - digits.data()));
  rest = digits;
  return value;
}

int month_number(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                        "jul", "aug", "sep", "oct", "nov", "dec"};
  const auto found = std::find(kMonths.begin(), kMonths.end(), lower(name));
  return found == kMonths.end() ? 0 : static_cast<int>(found - kMonths.begin()) + 1;
}

}  // namespace

std::optional<std::int64_t> WfdbField::take_int() { return take_number<std::int64_t>(rest_); }
std::optional<double> WfdbField::take_double() { return take_number<double>(rest_); }

bool WfdbField::take(char c) {
  if (rest_.empty() || rest_.front() != c) return false;
  rest_.remove_prefix(1);
  return true;
}

std::optional<std::string> parse_wfdb_date(std::string_view text) {
  const char separator = text.find('/') != std::string_view::npos ? '/' : '-';
  const auto parts = split(text, separator);
  if (parts.size() != 3) return std::nullopt;
  const auto day = parse_int(parts[0]);
  const auto month = separator == '/' ? parse_int(parts[1]) : month_number(parts[1]);
  const auto year = parse_int(parts[2]);
  if (!day || !month || !year || *day < 1 || *day > 31 || *month < 1 || *month > 12 || *year < 1 ||
      *year > 9999)
    return std::nullopt;
  return fmt::format("{:04}-{:02}-{:02}", *year, *month, *day);
}

std::optional<std::string> parse_wfdb_time(std::string_view text) {
  const auto dot = text.find('.');
  const std::string_view fraction =
      dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (fraction.size() > 9 || !std::all_of(fraction.begin(), fraction.end(), is_digit))
    return std::nullopt;
  const auto parts = split(text.substr(0, dot), ':');
  if (parts.size() > 3) return std::nullopt;
  std::array<std::int64_t, 3> clock{};  // hours, minutes, seconds: the last parts are given
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto value = parse_int(parts[i]);
    const std::size_t unit = 3 - parts.size() + i;
    if (!value || *value < 0 || *value > (unit == 0 ? 24 : 60)) return std::nullopt;
    clock[unit] = *value;
  }
  std::string result = fmt::format("{:02}:{:02}:{:02}", clock[0], clock[1], clock[2]);
  if (!fraction.empty()) result += fmt::format(".{}", fraction);
  return result;
}

bool is_safe_wfdb_name(std::string_view name) {
  if (name.empty() || name.front() == '/' || name == "-") return false;
  if (name.find_first_of("\\:") != std::string_view::npos) return false;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(name.begin(), name.end(), is_control)) return false;
  for (const std::string_view part : split(name, '/'))
    if (part.empty() || part == "." || part == "..") return false;
  return true;
}

}  // namespace einthoven::format
