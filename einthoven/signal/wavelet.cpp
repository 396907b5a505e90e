#include "einthoven/signal/wavelet.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "einthoven/base/error.h"

namespace einthoven::signal {
namespace {

constexpr std::size_t kTaps = 12, kPairs = kTaps / 2;
using Taps = std::array<double, kTaps>;

/// Low-pass of the decomposition (Daubechies 1992, six vanishing moments).
constexpr Taps kLow = {-0.0010773010853084796, 0.004777257510945511, 0.0005538422011614961,
                       -0.03158203931748603,   0.027522865530305727, 0.09750160558732304,
                       -0.12976686756726194,   -0.22626469396543983, 0.31525035170919763,
                       0.7511339080210954,     0.49462389039845306,  0.11154074335010947};

constexpr Taps reversed(const Taps& taps) {
  Taps turned{};
  for (std::size_t k = 0; k < kTaps; ++k) turned[k] = taps[kTaps - 1 - k];
  return turned;
}

/// The quadrature mirror of the low-pass.
constexpr Taps high_pass() {
  Taps high{};
  for (std::size_t k = 0; k < kTaps; ++k) high[k] = (k % 2 == 0 ? -1 : 1) * kLow[kTaps - 1 - k];
  return high;
}

constexpr Taps kHigh = high_pass();

/// The sample at any index of the lead continued by its mirror image, the end samples twice.
double mirrored(std::span<const double> lead, std::ptrdiff_t i) {
  const auto n = static_cast<std::ptrdiff_t>(lead.size());
  const std::ptrdiff_t turn = ((i % (2 * n)) + 2 * n) % (2 * n);
  return lead[static_cast<std::size_t>(turn < n ? turn : 2 * n - 1 - turn)];
}

/// The samples with even and with odd index, from six before the first one on.
struct Phases {
  std::vector<double> even, odd;

  Phases(std::span<const double> lead, std::size_t count)
      : even(count + kPairs), odd(count + kPairs) {
    const std::size_t inner = lead.size() / 2;  // pairs that need no mirror
    for (std::size_t m = 0; m < even.size(); ++m) {
      const auto i = 2 * static_cast<std::ptrdiff_t>(m) - static_cast<std::ptrdiff_t>(kTaps);
      const bool within = m >= kPairs && m - kPairs < inner;
      even[m] = within ? lead[static_cast<std::size_t>(i)] : mirrored(lead, i);
      odd[m] = within ? lead[static_cast<std::size_t>(i) + 1] : mirrored(lead, i + 1);
    }
  }

  /// Every second value of the convolution, from the second one on.
  std::vector<double> filter(const Taps& taps) const {
    std::vector<double> band(even.size() - kPairs);
    for (std::size_t k = 0; k < band.size(); ++k) {
      double sum = 0;
      for (std::size_t i = 0; i < kPairs; ++i)
        sum += taps[2 * i] * odd[k + kPairs - i] + taps[2 * i + 1] * even[k + kPairs - i];
      band[k] = sum;
    }
    return band;
  }
};

/// Adds what one band gives to the pairs of samples of the next finer level.
void synthesise(std::span<const double> band, const Taps& taps, std::span<double> out) {
  for (std::size_t u = 0; 2 * u < out.size(); ++u) {
    double even = 0, odd = 0;
    for (std::size_t i = 0; i < kPairs; ++i) {
      const double c = band[u + kPairs - 1 - i];
      even += taps[2 * i] * c;
      odd += taps[2 * i + 1] * c;
    }
    out[2 * u] += even;
    out[2 * u + 1] += odd;
  }
}

double median_magnitude(std::span<const double> values) {
  std::vector<double> sizes;
  for (const double x : values) sizes.push_back(std::abs(x));
  const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
  std::nth_element(sizes.begin(), middle, sizes.end());
  if (sizes.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(sizes.begin(), middle)) / 2;
}

double threshold_of(const WaveletCoefficients& c, std::size_t samples, WaveletThreshold rule) {
  constexpr double kMedianOfNormal = 0.6745;
  if (rule == WaveletThreshold::coarsest)
    return median_magnitude(c.details.front()) / kMedianOfNormal;
  return median_magnitude(c.details.back()) / kMedianOfNormal *
         std::sqrt(2 * std::log(static_cast<double>(samples)));
}

double shrink(double x, double threshold) {
  constexpr double kNothing = 1e-10;
  const double size = std::abs(x) - threshold;
  return size > kNothing ? std::copysign(size, x) : 0;
}

}  // namespace

WaveletCoefficients wavelet_decompose(std::span<const double> lead, std::size_t levels) {
  if (lead.empty()) throw data_error("lead", "samples", "none to transform");
  WaveletCoefficients c;
  c.approximation.assign(lead.begin(), lead.end());
  for (std::size_t level = 0; level < levels; ++level) {
    const Phases phases(c.approximation, (c.approximation.size() + kTaps - 1) / 2);
    c.details.insert(c.details.begin(), phases.filter(kHigh));
    c.approximation = phases.filter(kLow);
  }
  return c;
}

std::vector<double> wavelet_reconstruct(const WaveletCoefficients& coefficients) {
  static constexpr Taps kLowBack = reversed(kLow), kHighBack = reversed(kHigh);
  std::vector<double> samples = coefficients.approximation;
  for (const auto& detail : coefficients.details) {
    std::vector<double> finer(2 * detail.size() - kTaps + 2);
    synthesise(samples, kLowBack, finer);  // an approximation may be one longer than its details
    synthesise(detail, kHighBack, finer);
    samples = std::move(finer);
  }
  return samples;
}

WaveletThreshold parse_wavelet_threshold(std::string_view name) {
  for (const auto rule : {WaveletThreshold::coarsest, WaveletThreshold::universal})
    if (name == wavelet_threshold_name(rule)) return rule;
  throw usage_error(
      fmt::format("wavelet threshold: unknown (got \"{}\", want coarsest or universal)", name));
}

std::string_view wavelet_threshold_name(WaveletThreshold rule) {
  return rule == WaveletThreshold::coarsest ? "coarsest" : "universal";
}

void denoise_wavelet(std::span<double> lead, std::size_t levels, WaveletThreshold rule) {
  if (std::ranges::any_of(lead, [](double x) { return std::isnan(x); })) {
    std::ranges::fill(lead, std::nan(""));
    return;
  }
  WaveletCoefficients c = wavelet_decompose(lead, levels);
  const double threshold = threshold_of(c, lead.size(), rule);
  for (auto& detail : c.details)
    for (double& x : detail) x = shrink(x, threshold);
  const std::vector<double> samples = wavelet_reconstruct(c);
  std::copy_n(samples.begin(), lead.size(), lead.begin());
}

}  // namespace einthoven::signal
