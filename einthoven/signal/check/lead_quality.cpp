#include "einthoven/signal/check/lead_quality.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

namespace einthoven::signal {
namespace {

double percentile(std::vector<float>& values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

/// Samples in runs of equal values that are at least `least` long and of which `counts(run)`.
template <class Counts>
std::size_t samples_in_runs(std::span<const float> lead, std::size_t least, const Counts& counts) {
  std::size_t total = 0;
  for (std::size_t begin = 0, end = 0; begin < lead.size(); begin = end) {
    for (end = begin + 1; end < lead.size() && lead[end] == lead[begin];) ++end;
    if (end - begin >= least && counts(lead.subspan(begin, end - begin))) total += end - begin;
  }
  return total;
}

double noise_floor(std::span<const float> lead, double rate_hz) {
  const auto half = static_cast<std::size_t>(std::max(1.0, std::round(0.015 * rate_hz)));
  const auto window = static_cast<std::size_t>(std::max(4.0, std::round(0.1 * rate_hz)));
  std::vector<double> sums(lead.size() + 1);
  for (std::size_t t = 0; t < lead.size(); ++t) sums[t + 1] = sums[t] + lead[t];
  std::vector<float> deviations;
  for (std::size_t begin = half; begin + window + half <= lead.size(); begin += window) {
    double energy = 0;
    for (std::size_t t = begin; t < begin + window; ++t) {
      const double mean = (sums[t + half + 1] - sums[t - half]) / static_cast<double>(2 * half + 1);
      energy += (lead[t] - mean) * (lead[t] - mean);
    }
    deviations.push_back(static_cast<float>(std::sqrt(energy / static_cast<double>(window))));
  }
  return deviations.empty() ? 0 : percentile(deviations, 0.5);
}

double wander(std::span<const float> lead, double rate_hz) {
  const auto window = static_cast<std::size_t>(std::max(1.0, std::round(rate_hz)));
  double least = 0, most = 0;
  for (std::size_t begin = 0; begin + window <= lead.size(); begin += window) {
    double sum = 0;
    for (const float x : lead.subspan(begin, window)) sum += x;
    const double mean = sum / static_cast<double>(window);
    least = begin == 0 ? mean : std::min(least, mean);
    most = begin == 0 ? mean : std::max(most, mean);
  }
  return most - least;
}

/// A lead times a Hann window, which keeps the ECG's slow parts away from the mains frequency.
struct Windowed {
  std::vector<double> values;
  double weight = 0;
};

Windowed windowed(std::span<const float> lead) {
  Windowed result;
  result.values.reserve(lead.size());
  const double step = 2 * std::numbers::pi / static_cast<double>(lead.size());
  const double c = std::cos(step), s = std::sin(step);
  double cosine = 1, sine = 0;  // turned by a step each time
  for (const float x : lead) {
    const double hann = 0.5 - 0.5 * cosine;
    result.values.push_back(hann * static_cast<double>(x));
    result.weight += hann;
    const double turned = cosine * c - sine * s;
    sine = sine * c + cosine * s;
    cosine = turned;
  }
  return result;
}

/// Amplitude of the sine of one frequency (Goertzel 1958).
double sine_amplitude(const Windowed& lead, double rate_hz, double frequency_hz) {
  const double step = 2 * std::numbers::pi * frequency_hz / rate_hz;
  const double turn = 2 * std::cos(step);
  double last = 0, before = 0;
  for (const double x : lead.values) before = std::exchange(last, turn * last - before + x);
  const double power = last * last + before * before - turn * last * before;
  return 2 * std::sqrt(std::max(0.0, power)) / lead.weight;
}

std::optional<double> hum(const Windowed& lead, double rate_hz, double mains_hz) {
  if (rate_hz < 2 * (mains_hz + 5) || static_cast<double>(lead.values.size()) < 2 * rate_hz)
    return {};
  double peak = 0, around = 0;
  for (const double offset : {-0.1, 0.0, 0.1})
    peak = std::max(peak, sine_amplitude(lead, rate_hz, mains_hz + offset));
  for (const double offset : {-4.0, -3.0, -2.0, 2.0, 3.0, 4.0})
    around += sine_amplitude(lead, rate_hz, mains_hz + offset) / 6;
  return peak > 4 * around ? peak - around : 0;
}

/// Collects the leads of which `concerned`, and the largest `figure`.
template <class Concerned, class Figure>
Finding over_leads(const Recording& recording, const std::vector<LeadQuality>& qualities,
                   const Concerned& concerned, const Figure& figure) {
  Finding finding;
  for (std::size_t l = 0; l < qualities.size(); ++l) {
    if (!concerned(qualities[l])) continue;
    finding.leads.push_back(recording.leads[l]);
    finding.value = std::max(finding.value, figure(qualities[l]));
  }
  return finding;
}

}  // namespace

LeadQuality measure_lead(std::span<const float> lead, double rate_hz) {
  LeadQuality quality;
  std::vector<float> valid;
  for (const float x : lead)
    if (std::isfinite(x)) valid.push_back(x);
  if (lead.empty() || valid.empty()) return {1, 0, 0, 0, 0, 0, {}, {}};
  const auto size = static_cast<double>(valid.size());
  quality.invalid_share = 1 - size / static_cast<double>(lead.size());
  auto sorted = valid;
  const double low = percentile(sorted, 0.01), high = percentile(sorted, 0.99);
  quality.range_mv = high - low;
  const auto [least, most] = std::minmax_element(valid.begin(), valid.end());
  const auto second = static_cast<std::size_t>(std::max(2.0, std::ceil(rate_hz)));
  const std::size_t still =
      samples_in_runs(valid, std::min(second, valid.size()), [](auto) { return true; });
  quality.flat_share = *least == *most ? 1 : static_cast<double>(still) / size;
  const auto run = static_cast<std::size_t>(std::max(4.0, std::ceil(0.012 * rate_hz)));
  const auto at_extreme = [&, top = *most, bottom = *least](std::span<const float> level) {
    const bool at_end =
        level.data() == valid.data() || level.data() + level.size() == valid.data() + valid.size();
    return !at_end && (level[0] == top || level[0] == bottom);
  };
  if (quality.flat_share < 0.9)
    quality.clipped_share = static_cast<double>(samples_in_runs(valid, run, at_extreme)) / size;
  quality.noise_mv = noise_floor(valid, rate_hz);
  quality.wander_mv = wander(valid, rate_hz);
  const Windowed smooth = windowed(valid);
  quality.hum_50_mv = hum(smooth, rate_hz, 50);
  quality.hum_60_mv = hum(smooth, rate_hz, 60);
  return quality;
}

std::vector<Finding> judge_leads(const Recording& recording,
                                 const std::vector<LeadQuality>& qualities) {
  std::vector<Finding> findings;
  const auto add = [&](const char* check, Severity severity, const char* text, double scale,
                       const auto& concerned, const auto& figure) {
    Finding finding = over_leads(recording, qualities, concerned, figure);
    if (finding.leads.empty()) return;
    finding.check = check;
    finding.severity = severity;
    finding.text = fmt::format(fmt::runtime(text), finding.value * scale);
    findings.push_back(std::move(finding));
  };
  using Q = const LeadQuality&;
  add(
      "invalid", Severity::fault, "no valid sample in up to {:.0f} % of a lead", 100,
      [](Q q) { return q.invalid_share >= 0.5; }, [](Q q) { return q.invalid_share; });
  add(
      "invalid", Severity::warning, "up to {:.2g} % of the samples of a lead are invalid", 100,
      [](Q q) { return q.invalid_share > 0 && q.invalid_share < 0.5; },
      [](Q q) { return q.invalid_share; });
  add(
      "flat", Severity::fault, "no change in {:.0f} % of a lead", 100, [](Q q) { return q.flat(); },
      [](Q q) { return q.flat_share; });
  add(
      "flat", Severity::warning, "no change for over a second, in up to {:.0f} % of a lead", 100,
      [](Q q) { return q.flat_share > 0 && !q.flat(); }, [](Q q) { return q.flat_share; });
  add(
      "clipped", Severity::fault, "up to {:.1f} % of a lead lies at its extreme value", 100,
      [](Q q) { return q.clipped_share > 0.01; }, [](Q q) { return q.clipped_share; });
  add(
      "noise", Severity::warning, "noise of up to {:.2f} mV between the beats", 1,
      [](Q q) { return q.usable() && q.noise_mv > 0.05 && q.noise_mv > 0.05 * q.range_mv; },
      [](Q q) { return q.noise_mv; });
  add(
      "wander", Severity::note, "the base line moves by up to {:.1f} mV", 1,
      [](Q q) { return q.wander_mv > 1; }, [](Q q) { return q.wander_mv; });
  const auto above = [](const std::optional<double>& hum) { return hum.value_or(0) > 0.02; };
  add(
      "powerline", Severity::note, "50 Hz hum of up to {:.3f} mV", 1,
      [&](Q q) { return above(q.hum_50_mv); }, [](Q q) { return *q.hum_50_mv; });
  add(
      "powerline", Severity::note, "60 Hz hum of up to {:.3f} mV", 1,
      [&](Q q) { return above(q.hum_60_mv); }, [](Q q) { return *q.hum_60_mv; });
  return findings;
}

}  // namespace einthoven::signal
