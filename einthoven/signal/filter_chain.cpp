#include "einthoven/signal/filter_chain.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/signal/ecg_bench_filters.h"
#include "einthoven/signal/filter_design.h"

namespace einthoven::signal {
namespace {

using Kind = FilterStep::Kind;
using Parts = std::vector<std::string_view>;

constexpr std::size_t kWaveletLevels = 4;
constexpr double kUsualQuality = 30, kUsualOrder = 4;

[[noreturn]] void refuse(std::string_view text) {
  throw usage_error(fmt::format("filters: not a filter (got \"{}\")", text),
                    "notch:HZ[:QUALITY], bandpass:LOW:HIGH[:ORDER], highpass:HZ[:ORDER], "
                    "wavelet[:coarsest|universal], ecg-bench or ecg-bench-exact");
}

/// Part `i` as a number; the usual one if it is left out.
double number(const Parts& parts, std::size_t i, std::string_view text, double usual) {
  if (i >= parts.size()) return usual;
  const auto value = parse_double(parts[i]);
  if (!value || !(*value > 0) || *value > 1e6) refuse(text);
  return *value;
}

int order(const Parts& parts, std::size_t i, std::string_view text) {
  const double value = number(parts, i, text, kUsualOrder);
  if (value > 20 || value != static_cast<int>(value)) refuse(text);
  return static_cast<int>(value);
}

FilterStep parse_step(std::string_view text) {
  const Parts parts = split(text, ':');
  const std::size_t count = parts.size() - 1;
  FilterStep step;
  if (parts[0] == "notch" && (count == 1 || count == 2)) {
    step.kind = Kind::notch;
    step.low_hz = number(parts, 1, text, 0);
    step.quality = number(parts, 2, text, kUsualQuality);
  } else if (parts[0] == "bandpass" && (count == 2 || count == 3)) {
    step.kind = Kind::bandpass;
    step.low_hz = number(parts, 1, text, 0);
    step.high_hz = number(parts, 2, text, 0);
    step.order = order(parts, 3, text);
  } else if (parts[0] == "highpass" && (count == 1 || count == 2)) {
    step.kind = Kind::highpass;
    step.low_hz = number(parts, 1, text, 0);
    step.order = order(parts, 2, text);
  } else if (parts[0] == "wavelet" && count <= 1) {
    step.kind = Kind::wavelet;
    if (count == 1) step.threshold = parse_wavelet_threshold(parts[1]);
  } else {
    refuse(text);
  }
  return step;
}

std::string name_of(const FilterStep& step) {
  switch (step.kind) {
    case Kind::notch:
      return fmt::format("notch:{}:{}", step.low_hz, step.quality);
    case Kind::bandpass:
      return fmt::format("bandpass:{}:{}:{}", step.low_hz, step.high_hz, step.order);
    case Kind::highpass:
      return fmt::format("highpass:{}:{}", step.low_hz, step.order);
    case Kind::wavelet:
      return fmt::format("wavelet:{}", wavelet_threshold_name(step.threshold));
    case Kind::ecg_bench_exact:
      return "ecg-bench-exact";
  }
  throw internal_error("unknown filter");
}

void apply_step(const FilterStep& step, std::span<double> samples, std::size_t leads,
                double rate_hz) {
  const std::size_t length = samples.size() / leads;
  switch (step.kind) {
    case Kind::notch: {
      const Biquad section = notch(step.low_hz, step.quality, rate_hz);
      return filter_both_ways({&section, 1}, samples, leads);
    }
    case Kind::bandpass:
      return filter_both_ways(butterworth_bandpass(step.order, step.low_hz, step.high_hz, rate_hz),
                              samples, leads);
    case Kind::highpass:
      return filter_both_ways(butterworth_highpass(step.order, step.low_hz, rate_hz), samples,
                              leads);
    case Kind::wavelet:
      for (std::size_t l = 0; l < leads; ++l)
        denoise_wavelet(samples.subspan(l * length, length), kWaveletLevels, step.threshold);
      return;
    case Kind::ecg_bench_exact:
      return filter_as_ecg_bench(samples, leads, rate_hz);
  }
}

}  // namespace

FilterChain::FilterChain(std::span<const std::string> steps) {
  for (const std::string& text : steps) {
    if (text == "ecg-bench") {
      for (const char* step :
           {"notch:50", "notch:60", "bandpass:0.5:100", "highpass:0.05", "wavelet"})
        steps_.push_back(parse_step(step));
    } else if (text == "ecg-bench-exact") {
      steps_.push_back({.kind = Kind::ecg_bench_exact});
      steps_.push_back(parse_step("wavelet"));
    } else {
      steps_.push_back(parse_step(text));
    }
  }
}

std::vector<std::string> FilterChain::names() const {
  std::vector<std::string> names;
  for (const FilterStep& step : steps_) names.push_back(name_of(step));
  return names;
}

void FilterChain::apply(std::span<double> samples, std::size_t leads, double rate_hz) const {
  if (empty() || leads == 0) return;
  const std::size_t length = samples.size() / leads;
  const auto is_sound = [&](std::size_t lead) {
    return std::ranges::all_of(samples.subspan(lead * length, length),
                               [](double x) { return std::isfinite(x); });
  };
  std::vector<bool> sound(leads);
  for (std::size_t l = 0; l < leads; ++l) sound[l] = is_sound(l);
  for (const FilterStep& step : steps_) apply_step(step, samples, leads, rate_hz);
  for (std::size_t l = 0; l < leads; ++l)
    if (sound[l] && !is_sound(l))
      throw data_error("filters", join(names(), ", "),
                       fmt::format("make samples that are no numbers: a corner is too low or too "
                                   "high for {} Hz",
                                   rate_hz));
}

void FilterChain::apply(Recording& recording) const {
  if (empty()) return;
  std::vector<double> samples(recording.samples().begin(), recording.samples().end());
  apply(samples, recording.lead_count(), recording.rate_hz);
  std::ranges::transform(samples, recording.samples().begin(),
                         [](double x) { return static_cast<float>(x); });
  recording.notes.push_back("filtered: " + join(names(), ", "));
}

}  // namespace einthoven::signal
