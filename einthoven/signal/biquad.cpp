#include "einthoven/signal/biquad.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "einthoven/base/error.h"
#include "einthoven/signal/mirror.h"

namespace einthoven::signal {
namespace {

using Complex = std::complex<double>;

/// With zeros at z = 1, the pole given and its conjugate.
Biquad highpass_pair(Complex pole) {
  const double a1 = -2 * pole.real();
  const double a2 = std::norm(pole);
  const double gain = (1 - a1 + a2) / 4;  // at z = -1
  return {gain, -2 * gain, gain, a1, a2};
}

Biquad highpass_single(double pole) {
  const double gain = (1 + pole) / 2;
  return {gain, -gain, 0, -pole, 0};
}

/// State of the transposed direct form II after a long constant input of 1, and its output.
struct SteadyState {
  double s1, s2, output;
};

SteadyState steady_state(const Biquad& f) {
  const double output = (f.b0 + f.b1 + f.b2) / (1 + f.a1 + f.a2);
  const double s2 = f.b2 - f.a2 * output;
  return {f.b1 - f.a1 * output + s2, s2, output};
}

/// One pass over values, in the steady state of the first one.
template <class Iterator>
void run(std::span<const Biquad> sections, Iterator first, Iterator last) {
  double level = *first;
  for (const Biquad& f : sections) {
    const SteadyState steady = steady_state(f);
    double s1 = steady.s1 * level, s2 = steady.s2 * level;
    level *= steady.output;
    for (Iterator x = first; x != last; ++x) {
      const double y = f.b0 * *x + s1;
      s1 = f.b1 * *x - f.a1 * y + s2;
      s2 = f.b2 * *x - f.a2 * y;
      *x = y;
    }
  }
}

}  // namespace

std::vector<Biquad> butterworth_highpass(int order, double cutoff_hz, double rate_hz) {
  if (order < 1 || !(cutoff_hz > 0) || !(cutoff_hz < rate_hz / 2))
    throw usage_error(fmt::format("high-pass of order {} at {} Hz: want 0 < cutoff < {} Hz", order,
                                  cutoff_hz, rate_hz / 2));
  const double warped = std::tan(std::numbers::pi * cutoff_hz / rate_hz);
  std::vector<Biquad> sections;
  if (order % 2 == 1) sections.push_back(highpass_single((1 - warped) / (1 + warped)));
  for (int k = 1 + order % 2; k < order; k += 2) {
    // Poles of the prototype lie on the left unit half circle; 1/p turns low-pass to high-pass.
    const Complex prototype = -std::polar(1.0, std::numbers::pi * k / (2 * order));
    const Complex s = warped / prototype;
    sections.push_back(highpass_pair((1.0 + s) / (1.0 - s)));
  }
  return sections;
}

void filter_both_ways(std::span<const Biquad> sections, std::span<double> lead) {
  std::size_t taps = 2 * sections.size() + 1;
  taps -= static_cast<std::size_t>(std::ranges::count_if(sections, &Biquad::first_order));
  Mirrored extended(lead, 3 * taps);
  run(sections, extended.values.begin(), extended.values.end());
  run(sections, extended.values.rbegin(), extended.values.rend());
  std::ranges::copy(extended.inner(), lead.begin());
}

}  // namespace einthoven::signal
