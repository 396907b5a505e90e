// Continuation of a signal beyond its ends, for filters that look both ways.
#pragma once

#include <fmt/core.h>

#include <cstddef>
#include <span>
#include <vector>

#include "einthoven/base/error.h"

namespace einthoven::signal {

/// Calls `put(i, x)` for the samples of a lead with `margin` more at each end, mirrored through the
/// end points; `i` runs from 0 to the length + 2 margin. Data error unless the lead is longer than
/// the margin.
template <class Put>
void mirror_lead(std::span<const double> lead, std::size_t margin, const Put& put) {
  if (lead.size() <= margin)
    throw data_error(
        "lead", "samples",
        fmt::format("too short for the filter (got {}, want more than {})", lead.size(), margin));
  for (std::size_t i = 1; i <= margin; ++i) {
    put(margin - i, 2 * lead.front() - lead[i]);
    put(margin + lead.size() - 1 + i, 2 * lead.back() - lead[lead.size() - 1 - i]);
  }
  for (std::size_t i = 0; i < lead.size(); ++i) put(margin + i, lead[i]);
}

/// A lead continued so.
struct Mirrored {
  std::vector<double> values;
  std::size_t margin;

  Mirrored(std::span<const double> lead, std::size_t count)
      : values(lead.size() + 2 * count), margin(count) {
    mirror_lead(lead, margin, [&](std::size_t i, double x) { values[i] = x; });
  }

  std::span<const double> inner() const {
    return std::span(values).subspan(margin, values.size() - 2 * margin);
  }
};

}  // namespace einthoven::signal
