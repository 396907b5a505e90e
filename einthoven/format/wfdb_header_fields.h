// The single fields of WFDB header lines: numbers with decorations, dates, times, safe names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace einthoven::format {

/// Takes numbers and separators off the front of one blank-free field such as "16x1:3+24" or
/// "1.05e+04(-12)/mV".
class WfdbField {
 public:
  explicit WfdbField(std::string_view text) : rest_(text) {}

  /// The number at the front, or nothing (then nothing is taken).
  std::optional<std::int64_t> take_int();
  std::optional<double> take_double();
  /// Whether `c` was at the front (then it is taken).
  bool take(char c);
  std::string_view rest() const { return rest_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// "29/04/1995" or "05-May-2020" as "1995-04-29"; nothing if it is neither or not a day.
std::optional<std::string> parse_wfdb_date(std::string_view text);
/// "SS", "MM:SS" or "HH:MM:SS", each with an optional fraction, as "HH:MM:SS[.fff]".
std::optional<std::string> parse_wfdb_time(std::string_view text);

/// Whether a name from a header stays in the folder of the header: relative, no "..", no URL, no
/// control characters.
bool is_safe_wfdb_name(std::string_view name);

}  // namespace einthoven::format
