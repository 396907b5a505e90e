#include "einthoven/signal/resample.h"

#include <fmt/core.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/signal/cubic_spline.h"

namespace einthoven::signal {
namespace {

// No ECG is sampled so slowly: beyond it a small file would fill the memory.
constexpr double kLargestStretch = 100;

void check_rates(double from_hz, double to_hz) {
  if (!(from_hz > 0) || !(to_hz > 0))
    throw data_error("resample", "rate_hz",
                     fmt::format("must be positive (got {} and {})", from_hz, to_hz));
  if (!(to_hz <= from_hz * kLargestStretch))
    throw data_error(
        "resample", "rate_hz",
        fmt::format("{} Hz cannot be made of {} Hz: more than {} times as many samples", to_hz,
                    from_hz, kLargestStretch));
}

std::vector<double> resample_lead(std::span<const double> lead, double from_hz, double to_hz,
                                  Resampling resampling, bool from_float32) {
  if (resampling == Resampling::spline) return resample_spline_ends(lead, from_hz, to_hz);
  if (!from_float32) return resample<double>(lead, from_hz, to_hz);
  const std::vector<float> narrow(lead.begin(), lead.end());
  return resample<float>(narrow, from_hz, to_hz);
}

}  // namespace

std::int64_t resampled_length(std::int64_t length, double from_hz, double to_hz) {
  check_rates(from_hz, to_hz);
  if (from_hz == to_hz) return length;
  return static_cast<std::int64_t>(std::trunc(static_cast<double>(length) * (to_hz / from_hz)));
}

template <class T>
std::vector<double> resample(std::span<const T> lead, double from_hz, double to_hz) {
  const std::int64_t target =
      resampled_length(static_cast<std::int64_t>(lead.size()), from_hz, to_hz);
  if (from_hz == to_hz) return {lead.begin(), lead.end()};
  if (lead.size() < 2 || target < 1)
    throw data_error(
        "resample", "length",
        fmt::format("too short ({} samples, {} after resampling)", lead.size(), target));

  const std::size_t last = lead.size() - 1;
  const double end = static_cast<double>(target - 1);
  const double step = end / static_cast<double>(last);
  const auto place = [&](std::size_t i) { return i == last ? end : static_cast<double>(i) * step; };

  std::vector<double> out(static_cast<std::size_t>(target));
  std::size_t right = 1;  // the first input sample at or after the output sample
  for (std::size_t k = 0; k < out.size(); ++k) {
    const double at = static_cast<double>(k);
    while (right < last && place(right) < at) ++right;
    const double left_place = place(right - 1);
    const double rise = static_cast<double>(static_cast<T>(lead[right] - lead[right - 1]));
    out[k] = rise / (place(right) - left_place) * (at - left_place) +
             static_cast<double>(lead[right - 1]);
  }
  return out;
}

template std::vector<double> resample(std::span<const float>, double, double);
template std::vector<double> resample(std::span<const double>, double, double);

Resampling parse_resampling(std::string_view name) {
  for (const auto resampling : {Resampling::linear, Resampling::spline})
    if (name == resampling_name(resampling)) return resampling;
  throw usage_error(fmt::format("resample: unknown (got \"{}\", want linear or spline)", name));
}

std::string_view resampling_name(Resampling resampling) {
  return resampling == Resampling::linear ? "linear" : "spline";
}

std::vector<double> resample_leads(std::span<const double> samples, std::size_t leads,
                                   double from_hz, double to_hz, Resampling resampling,
                                   bool from_float32) {
  if (from_hz == to_hz) return {samples.begin(), samples.end()};
  check_rates(from_hz, to_hz);
  const std::size_t length = samples.size() / leads;
  std::vector<double> out;
  for (std::size_t l = 0; l < leads; ++l) {
    const auto lead = resample_lead(samples.subspan(l * length, length), from_hz, to_hz, resampling,
                                    from_float32);
    out.insert(out.end(), lead.begin(), lead.end());
  }
  return out;
}

}  // namespace einthoven::signal
