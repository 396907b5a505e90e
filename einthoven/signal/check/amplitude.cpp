#include "einthoven/signal/check/amplitude.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace einthoven::signal {
namespace {

constexpr double kTooLarge = 20, kTooSmall = 0.02;  // mV

std::optional<double> median_range(const std::vector<LeadQuality>& qualities) {
  std::vector<double> ranges;
  for (const auto& quality : qualities)
    if (quality.usable()) ranges.push_back(quality.range_mv);
  if (ranges.empty()) return std::nullopt;
  const auto middle = ranges.begin() + static_cast<std::ptrdiff_t>(ranges.size() / 2);
  std::nth_element(ranges.begin(), middle, ranges.end());
  return *middle;
}

std::vector<LeadSource> scaled(std::size_t leads, double factor) {
  std::vector<LeadSource> mend;
  for (std::size_t l = 0; l < leads; ++l) mend.push_back({l, l, factor});
  return mend;
}

constexpr double kEarlyGain = 4880;

/// Of 482 sound recordings 1 % span less than 0.46 mV in the median lead, and after a division by
/// 4.88 1.5 % would span over 0.45 mV, 0.5 % over 0.65 mV.
std::optional<Finding> check_early_gain(const Recording& recording, std::optional<double> range) {
  if (!range || *range > 0.65) return std::nullopt;
  Finding finding{"gain", Severity::fault, {}, {}, *range, scaled(recording.lead_count(), 4.88)};
  if (*range > 0.45) finding.severity = Severity::warning;
  finding.text = fmt::format(
      "leads span {:.3g} mV at the header's 4880/mV, an early error of Challenge 2020: 1000/mV is "
      "right",
      *range);
  return finding;
}

}  // namespace

std::optional<Finding> check_unit(const Recording& recording,
                                  const std::vector<LeadQuality>& qualities) {
  const auto range = median_range(qualities);
  if (!range) return std::nullopt;
  Finding finding{"unit", Severity::fault, {}, {}, *range, {}};
  if (*range > kTooLarge || *range < kTooSmall) {
    finding.text = fmt::format("leads span {:.3g} mV: {}", *range,
                               *range > kTooLarge ? "microvolts that are taken for millivolts"
                                                  : "volts that are taken for millivolts");
    finding.mend = scaled(recording.lead_count(), *range > kTooLarge ? 1e-3 : 1e3);
    return finding;
  }
  if (*range <= 8 && *range >= 0.15) return std::nullopt;
  finding.severity = Severity::warning;
  finding.text =
      fmt::format("leads span {:.3g} mV, which is rare: the unit or gain is doubtful", *range);
  return finding;
}

Finding check_assumed_unit(const Recording& recording) {
  const auto length = recording.length();
  const bool code15 = recording.lead_count() == 12 && recording.rate_hz == 400 &&
                      (length == 2934 || length == 4096);
  if (code15)
    return {"unit", Severity::warning, "the unit of CODE-15 is doubtful: taken for mV", {}, 0, {}};
  return {"unit", Severity::note, "the file names no unit: taken for mV", {}, 0, {}};
}

std::optional<Finding> check_lead_units(const Recording& recording,
                                        const std::vector<LeadQuality>& qualities) {
  const auto range = median_range(qualities);
  if (!range || *range > kTooLarge || *range < kTooSmall) return std::nullopt;
  Finding finding{"unit", Severity::fault, {}, {}, 0, {}};
  for (std::size_t l = 0; l < qualities.size(); ++l) {
    const double span = qualities[l].range_mv;
    const bool large = span > kTooLarge && span > 20 * *range;
    if (!qualities[l].usable() || (!large && span > kTooSmall)) continue;
    finding.leads.push_back(recording.leads[l]);
    finding.value = std::max(finding.value, span);
    finding.mend.push_back({l, l, large ? 1e-3 : 1e3});
  }
  if (finding.leads.empty()) return std::nullopt;
  finding.text =
      fmt::format("a lead spans {:.3g} mV, the median lead {:.3g} mV", finding.value, *range);
  return finding;
}

std::optional<Finding> check_header_gains(const Recording& recording,
                                          const std::vector<LeadQuality>& qualities,
                                          const FrontalPlane& plane,
                                          std::span<const double> gains) {
  if (gains.size() != recording.lead_count() || gains.empty()) return std::nullopt;
  const auto all_are = [&](double gain) {
    return std::all_of(gains.begin(), gains.end(), [gain](double g) { return g == gain; });
  };
  if (all_are(kEarlyGain)) return check_early_gain(recording, median_range(qualities));
  if (all_are(gains[0]) || !plane.testable() || plane.fit().holds()) return std::nullopt;
  std::vector<double> factors;
  for (const std::size_t l : plane.leads()) factors.push_back(gains[l] / 1000);
  if (!plane.fit(factors).holds()) return std::nullopt;
  Finding finding{"gain", Severity::fault, {}, {}, 0, {}};
  finding.text =
      "gains that normalise each lead break Einthoven's law; the ADC units obey it as microvolts";
  finding.value = plane.fit().residual_mv;
  for (std::size_t l = 0; l < gains.size(); ++l) finding.mend.push_back({l, l, gains[l] / 1000});
  return finding;
}

}  // namespace einthoven::signal
