#include "einthoven/format/edf_annotation.h"

#include <fmt/core.h>

#include <cmath>

#include "einthoven/base/strings.h"

namespace einthoven::format {
namespace {

constexpr char kTextEnd = '\x14', kDurationStart = '\x15', kListEnd = '\0';

std::optional<double> parse_onset(std::string_view text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  auto value = parse_double(text[0] == '+' ? text.substr(1) : text);
  if (value && !std::isfinite(*value)) value.reset();
  return value;
}

/// Seconds without an exponent, to the 100 ns in which EDFlib counts.
std::string format_onset(double onset_s) {
  std::string text = fmt::format("{:+.7f}", onset_s);
  text.resize(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

EdfRecordMarks parse_edf_marks(std::string_view bytes) {
  EdfRecordMarks result;
  for (const std::string_view list : split(bytes, kListEnd)) {
    if (list.empty()) continue;  // padding
    const auto parts = split(list, kTextEnd);
    const auto onset = parse_onset(parts[0].substr(0, parts[0].find(kDurationStart)));
    if (!onset || parts.size() < 2 || !parts.back().empty()) return result;
    for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
      if (parts[i].empty() && !result.start_s)
        result.start_s = *onset;
      else if (!parts[i].empty())
        result.marks.push_back({*onset, std::string(parts[i])});
    }
  }
  return result;
}

std::string format_edf_marks(double start_s, const std::vector<EdfMark>& marks) {
  std::string out = format_onset(start_s) + "\x14\x14";
  out += kListEnd;
  for (const auto& mark : marks) {
    std::string text = mark.text;
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 32; });
    out += fmt::format("{}\x14{}\x14", format_onset(mark.onset_s), text);
    out += kListEnd;
  }
  return out;
}

}  // namespace einthoven::format
