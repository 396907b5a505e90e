#include "einthoven/plot/ecg_page.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/signal/lead.h"

namespace einthoven::plot {
namespace {

constexpr double kMargin = 6;
constexpr double kTitle = 8;
constexpr double kFooter = 6;
constexpr double kPulseZone = 10;
constexpr double kSquare = 5;
constexpr double kUsualSeconds = 10;

[[noreturn]] void refuse(std::string_view option, double got, std::string_view want) {
  throw usage_error(fmt::format("plot: {}: out of range (got {}, want {})", option, got, want));
}

double seconds_shown(const signal::Recording& recording, const EcgPageOptions& options) {
  if (!(options.speed_mm_s >= 5 && options.speed_mm_s <= 200))
    refuse("speed", options.speed_mm_s, "5 to 200 mm/s");
  if (!(options.gain_mm_mv >= 1 && options.gain_mm_mv <= 100))
    refuse("gain", options.gain_mm_mv, "1 to 100 mm/mV");
  const double left = recording.duration_s() - options.start_s;
  if (!(options.start_s >= 0 && left > 0))
    refuse("start", options.start_s, fmt::format("0 to {:.3f} s", recording.duration_s()));
  const double wanted = options.seconds > 0 ? options.seconds : kUsualSeconds;
  const double shown = std::min(wanted, left);
  if (!(options.seconds >= 0 && shown >= 0.2 && shown <= 120))
    refuse("seconds", options.seconds > 0 ? options.seconds : shown, "0.2 to 120 s");
  return shown;
}

bool is_standard(const signal::Recording& recording) {
  return std::ranges::any_of(recording.leads, [](const std::string& lead) {
    return signal::standard_lead_index(lead).has_value();
  });
}

/// Leads row by row; each row is printed from left to right in equal parts of the time.
std::vector<std::vector<std::string>> rows_of(const signal::Recording& recording,
                                              EcgLayout layout) {
  if (!is_standard(recording)) {
    std::vector<std::vector<std::string>> rows;
    for (const std::string& lead : recording.leads) rows.push_back({lead});
    return rows;
  }
  const std::size_t count = layout == EcgLayout::three_by_four ? 3
                            : layout == EcgLayout::six_by_two  ? 6
                                                               : 12;
  std::vector<std::vector<std::string>> rows(count);
  for (std::size_t i = 0; i < signal::kStandardLeads.size(); ++i)
    rows[i % count].emplace_back(signal::kStandardLeads[i]);
  return rows;
}

double up_to_square(double length) { return kSquare * std::ceil(length / kSquare - 1e-9); }

}  // namespace

EcgLayout parse_layout(std::string_view text) {
  if (text == "3x4") return EcgLayout::three_by_four;
  if (text == "6x2") return EcgLayout::six_by_two;
  if (text == "12x1") return EcgLayout::twelve_by_one;
  throw usage_error(fmt::format("plot: layout: unknown (got \"{}\", want 3x4, 6x2 or 12x1)", text));
}

EcgPage lay_out(const signal::Recording& recording, const EcgPageOptions& options) {
  EcgPage page;
  page.seconds = seconds_shown(recording, options);
  page.start_s = options.start_s;
  page.speed_mm_s = options.speed_mm_s;
  page.gain_mm_mv = options.gain_mm_mv;
  auto rows = rows_of(recording, options.layout);
  if (is_standard(recording) && options.layout != EcgLayout::twelve_by_one)
    for (const std::string& lead : options.rhythm_leads) {
      rows.push_back({signal::canonical_lead(lead)});
      if (!signal::standard_lead_index(lead) && !recording.find_lead(rows.back().front()))
        throw usage_error(fmt::format("plot: rhythm: no lead has the name \"{}\"", lead));
    }

  const double per_millivolt = options.gain_mm_mv / 10;
  page.row_mm = up_to_square((rows.size() > 7 ? 20 : 25) * std::max(1.0, per_millivolt));
  const double top = kMargin + (options.title ? kTitle : 0);
  page.paper = {kMargin, top, up_to_square(kPulseZone + page.seconds * options.speed_mm_s),
                page.row_mm * static_cast<double>(rows.size()) + 2 * kSquare};
  page.width_mm = page.paper.width + 2 * kMargin;
  page.height_mm = top + page.paper.height + kFooter + kMargin / 2;

  for (std::size_t r = 0; r < rows.size(); ++r) {
    const double baseline = top + kSquare + page.row_mm * (static_cast<double>(r) + 0.6);
    page.pulses.push_back({kMargin + kSquare / 2, baseline});
    const double part = page.seconds / static_cast<double>(rows[r].size());
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      const double after = part * static_cast<double>(c);
      page.panels.push_back({rows[r][c], recording.find_lead(rows[r][c]),
                             kMargin + kPulseZone + after * options.speed_mm_s, baseline,
                             options.start_s + after, options.start_s + after + part});
    }
  }
  return page;
}

}  // namespace einthoven::plot
