#include "einthoven/signal/check/calibration.h"

#include <fmt/core.h>

#include <algorithm>

namespace einthoven::signal {

std::optional<double> end_of_ecg_s(const Recording& recording) {
  const auto is_same = [&](std::size_t t) {
    for (std::size_t l = 1; l < recording.lead_count(); ++l)
      if (recording.lead(l)[t] != recording.lead(0)[t]) return false;
    return true;
  };
  if (recording.lead_count() < 2) return std::nullopt;
  auto end = static_cast<std::size_t>(recording.length());
  while (end > 0 && is_same(end - 1)) --end;
  const auto tail = recording.lead(0).subspan(end);
  if (end == 0 || std::ranges::none_of(tail, [](float value) { return value > 0.5F; }))
    return std::nullopt;
  return static_cast<double>(end) / recording.rate_hz;
}

std::optional<Finding> check_calibration(const Recording& recording) {
  const auto end_s = end_of_ecg_s(recording);
  if (!end_s) return std::nullopt;
  return Finding{"calibration",
                 Severity::note,
                 fmt::format("all leads end in the same calibration pulse, from {} s on", *end_s),
                 {},
                 *end_s,
                 {}};
}

}  // namespace einthoven::signal
