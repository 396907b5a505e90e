#include "einthoven/signal/clock.h"

#include <fmt/core.h>

#include <array>
#include <chrono>
#include <cmath>

#include "einthoven/base/strings.h"

namespace einthoven::signal {
namespace {

namespace chr = std::chrono;

constexpr std::int64_t kDayMs = 86'400'000;

/// "AA?BB?CC..." -> the three numbers.
std::optional<std::array<std::int64_t, 3>> three_numbers(std::string_view text,
                                                         std::array<std::size_t, 3> widths,
                                                         char mark) {
  std::array<std::int64_t, 3> numbers{};
  for (std::size_t i = 0, at = 0; i < 3; at += widths[i++] + 1) {
    const auto number = at < text.size() ? parse_int(text.substr(at, widths[i])) : std::nullopt;
    if (!number || *number < 0 || (i > 0 && text[at - 1] != mark)) return std::nullopt;
    numbers[i] = *number;
  }
  return numbers;
}

std::optional<std::int64_t> milliseconds_of(std::string_view time) {
  const auto clock = three_numbers(time, {2, 2, 2}, ':');
  const auto fraction = time.size() > 8 ? parse_double("0" + std::string(time.substr(8))) : 0.0;
  if (!clock || !fraction) return std::nullopt;
  return ((*clock)[0] * 3600 + (*clock)[1] * 60 + (*clock)[2]) * 1000 +
         std::llround(*fraction * 1000);
}

std::string time_text(std::int64_t ms) {
  std::string text =
      fmt::format("{:02}:{:02}:{:02}", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60);
  if (ms % 1000 != 0) text += fmt::format(".{:03}", ms % 1000);
  return text;
}

std::string later_date(const std::string& date, std::int64_t days) {
  const auto parts = three_numbers(date, {4, 2, 2}, '-');
  if (!parts) return "";
  const chr::year_month_day start(chr::year(static_cast<int>((*parts)[0])),
                                  chr::month(static_cast<unsigned>((*parts)[1])),
                                  chr::day(static_cast<unsigned>((*parts)[2])));
  if (!start.ok()) return "";
  const chr::year_month_day end(chr::sys_days(start) + chr::days(days));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(end.year()),
                     static_cast<unsigned>(end.month()), static_cast<unsigned>(end.day()));
}

}  // namespace

void advance_clock(RecordingInfo& info, double seconds) {
  if (seconds == 0 || info.base_time.empty()) return;
  const auto start = milliseconds_of(info.base_time);
  if (!start || !(seconds < 1e9)) {
    info.base_time.clear();
    return;
  }
  const std::int64_t now = *start + std::llround(seconds * 1000);
  info.base_time = time_text(now % kDayMs);
  if (now >= kDayMs && !info.base_date.empty())
    info.base_date = later_date(info.base_date, now / kDayMs);
}

}  // namespace einthoven::signal
