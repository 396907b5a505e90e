#include "einthoven/format/edf_header.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/sample_rate.h"

namespace einthoven::format {
namespace {

constexpr std::int64_t kMaxSignals = 4096;
constexpr std::size_t kNumberWidth = 8;
constexpr std::string_view kBdfMagic =
    "\xff"
    "BIOSEMI";
constexpr std::string_view kEdfMagic = "0       ";

class HeaderParser {
 public:
  HeaderParser(Bytes file, const std::string& source) : in_(file, source) {}

  EdfHeader parse() {
    const std::string_view magic = in_.text(8);
    header_.is_bdf = magic == kBdfMagic;
    if (!header_.is_bdf && magic != kEdfMagic) in_.fail("version", "is not that of EDF or BDF");
    header_.patient = text(80);
    header_.recording = text(80);
    header_.date = date(in_.text(8));
    header_.time = time(in_.text(8));
    header_.header_size = static_cast<std::size_t>(integer("header size", 8, 256, 1 << 21));
    const std::string reserved = text(44);
    header_.is_plus = reserved.starts_with("EDF+") || reserved.starts_with("BDF+");
    if (header_.is_plus) take_start_date();
    header_.has_gaps = header_.is_plus && reserved.substr(4, 1) == "D";
    header_.record_count = integer("number of records", 8, -1, std::int64_t{1} << 40);
    header_.record_s = number("record duration", 8);
    const auto count = integer("number of signals", 4, 1, kMaxSignals);
    if (header_.header_size != 256 * static_cast<std::size_t>(count + 1))
      in_.fail("header size", fmt::format("does not fit {} signals", count));
    parse_signals(static_cast<std::size_t>(count));
    check_records();
    return std::move(header_);
  }

 private:
  std::string text(std::size_t width) {
    std::string_view raw = in_.text(width);
    raw = raw.substr(0, raw.find('\0'));
    return std::string(trim(raw));
  }

  double number(const char* field, std::size_t width) {
    const std::string value = text(width);
    const auto parsed = parse_double(value);
    if (!parsed || !std::isfinite(*parsed))
      in_.fail(field, fmt::format("is not a number (got {})", shown_number(value)));
    return *parsed;
  }

  std::int64_t integer(const char* field, std::size_t width, std::int64_t low, std::int64_t high) {
    const double value = number(field, width);
    if (value != std::floor(value) || value < static_cast<double>(low) ||
        value > static_cast<double>(high))
      in_.fail(field, fmt::format("is out of range (got {}, want {} to {})", value, low, high));
    return static_cast<std::int64_t>(value);
  }

  /// dd.mm.yy, where 85 is 1985 and 84 is 2084; "yy" itself is a later year.
  static std::string date(std::string_view raw) {
    const auto parts = split(raw, '.');
    if (parts.size() != 3) return {};
    const auto day = parse_int(parts[0]), month = parse_int(parts[1]), year = parse_int(parts[2]);
    if (!day || !month || !year || *day < 1 || *day > 31 || *month < 1 || *month > 12) return {};
    return fmt::format("{:04}-{:02}-{:02}", *year + (*year >= 85 ? 1900 : 2000), *month, *day);
  }

  /// EDF+ has four digits of the year in "Startdate 02-MAY-1951 code technician equipment", where X
  /// is an unknown date. A header of another day and month has the last word.
  void take_start_date() {
    static constexpr std::array<std::string_view, 12> kMonths = {
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    const auto words = split_words(header_.recording);
    if (words.size() < 2 || lower(words[0]) != "startdate") return;
    if (words[1] == "X") header_.date.clear();
    const auto parts = split(words[1], '-');
    if (parts.size() != 3 || parts[2].size() != 4) return;
    const auto day = parse_int(parts[0]), year = parse_int(parts[2]);
    const auto month = std::ranges::find(kMonths, lower(parts[1]));
    if (!day || !year || *day < 1 || *day > 31 || *year < 1 || month == kMonths.end()) return;
    const std::string date =
        fmt::format("{:04}-{:02}-{:02}", *year, month - kMonths.begin() + 1, *day);
    if (header_.date.empty() || header_.date.substr(4) == date.substr(4)) header_.date = date;
  }

  static std::string time(std::string_view raw) {
    const auto parts = split(raw, '.');
    if (parts.size() != 3) return {};
    const auto h = parse_int(parts[0]), m = parse_int(parts[1]), s = parse_int(trim(parts[2]));
    if (!h || !m || !s || *h < 0 || *h > 23 || *m < 0 || *m > 59 || *s < 0 || *s > 59) return {};
    return fmt::format("{:02}:{:02}:{:02}", *h, *m, *s);
  }

  void parse_signals(std::size_t count) {
    auto& signals = header_.signals;
    signals.resize(count);
    const std::int64_t largest = header_.is_bdf ? 1 << 23 : 1 << 15;
    for (auto& s : signals) s.label = text(16);
    for (std::size_t i = 0; i < count; ++i) text(80);  // transducer
    for (auto& s : signals) s.unit = text(8);
    for (auto& s : signals) s.physical_min = number("physical minimum", kNumberWidth);
    for (auto& s : signals) s.physical_max = number("physical maximum", kNumberWidth);
    for (auto& s : signals)
      s.digital_min = static_cast<std::int32_t>(
          integer("digital minimum", kNumberWidth, -largest, largest - 1));
    for (auto& s : signals)
      s.digital_max = static_cast<std::int32_t>(
          integer("digital maximum", kNumberWidth, -largest, largest - 1));
    for (auto& s : signals) s.prefilter = text(80);
    for (auto& s : signals) s.samples = integer("samples in a record", kNumberWidth, 1, 1 << 26);
    for (std::size_t i = 0; i < count; ++i) text(32);
    for (auto& s : signals) {
      if (!s.is_annotations() && s.digital_max <= s.digital_min)
        in_.fail("digital maximum", fmt::format("of {} is not above its minimum", s.label));
      if (!s.is_annotations() && s.physical_max == s.physical_min)
        in_.fail("physical maximum", fmt::format("of {} equals its minimum", s.label));
      s.offset = header_.record_size;
      header_.record_size += static_cast<std::size_t>(s.samples) * header_.sample_size();
    }
  }

  void check_records() {
    const auto present = static_cast<std::int64_t>(in_.remaining() / header_.record_size);
    if (header_.record_count < 0) header_.record_count = present;
    if (header_.record_count > present)
      in_.fail("records",
               fmt::format("truncated (got {} records, want {})", present, header_.record_count));
  }

  ByteReader in_;
  EdfHeader header_;
};

}  // namespace

bool EdfSignal::is_annotations() const {
  return label == "EDF Annotations" || label == "BDF Annotations";
}

double EdfSignal::step() const {
  return (physical_max - physical_min) / (static_cast<double>(digital_max) - digital_min);
}

double edf_rate_hz(std::int64_t samples, double record_s) {
  const bool is_whole = record_s == std::floor(record_s);
  const auto whole_digits = fmt::format("{:.0f}.", std::floor(record_s)).size();
  const double last_digit =
      std::pow(10.0, static_cast<double>(whole_digits) - static_cast<double>(kNumberWidth));
  return simple_rate(static_cast<double>(samples), record_s, is_whole ? 0 : last_digit / 2);
}

bool looks_like_edf(std::string_view start) {
  if (start.size() < 256) return false;
  return start.starts_with(kBdfMagic) || (start.starts_with(kEdfMagic) && start[170] == '.' &&
                                          start[173] == '.' && start[178] == '.');
}

EdfHeader parse_edf_header(Bytes file, const std::string& source) {
  return HeaderParser(file, source).parse();
}

}  // namespace einthoven::format
