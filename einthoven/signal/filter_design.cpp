#include "einthoven/signal/filter_design.h"

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "einthoven/base/error.h"

namespace einthoven::signal {
namespace {

using Complex = std::complex<double>;

void check_order(int order) {
  if (order < 1 || order > 20)
    throw usage_error(fmt::format("filter: order {} (want 1 to 20)", order));
}

void check_frequency(const char* what, double frequency_hz, double rate_hz) {
  if (!(frequency_hz > 0) || !(frequency_hz < rate_hz / 2))
    throw usage_error(
        fmt::format("{} at {} Hz: want a frequency between 0 and {} Hz, half the rate", what,
                    frequency_hz, rate_hz / 2));
}

/// Frequency of the analogue filter that the bilinear transform s = (z - 1) / (z + 1) maps there.
double prewarp(double frequency_hz, double rate_hz) {
  return std::tan(std::numbers::pi * frequency_hz / rate_hz);
}

Complex bilinear(Complex s) { return (1.0 + s) / (1.0 - s); }

/// A pole of the normalised low-pass, on the left unit half circle and not above the real axis;
/// `m` is one of order - 1, order - 3, ..., at least 0, which is the real pole of an odd order.
Complex prototype_pole(int m, int order) {
  return -std::polar(1.0, std::numbers::pi * m / (2 * order));
}

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

/// With zeros at z = 1 and -1, two poles that are real or conjugate, and gain 1 at `centre`.
Biquad bandpass_pair(Complex one, Complex other, Complex centre) {
  const double a1 = -(one + other).real(), a2 = (one * other).real();
  const Complex square = centre * centre;
  const double gain = std::abs((square + a1 * centre + a2) / (square - 1.0));
  return {gain, 0, -gain, a1, a2};
}

}  // namespace

std::vector<Biquad> butterworth_highpass(int order, double cutoff_hz, double rate_hz) {
  check_order(order);
  check_frequency("high-pass", cutoff_hz, rate_hz);
  const double warped = prewarp(cutoff_hz, rate_hz);
  std::vector<Biquad> sections;
  if (order % 2 == 1) sections.push_back(highpass_single((1 - warped) / (1 + warped)));
  for (int m = 1 + order % 2; m < order; m += 2)  // 1/p turns low-pass to high-pass
    sections.push_back(highpass_pair(bilinear(warped / prototype_pole(m, order))));
  return sections;
}

std::vector<Biquad> butterworth_bandpass(int order, double low_hz, double high_hz, double rate_hz) {
  check_order(order);
  check_frequency("band-pass", low_hz, rate_hz);
  check_frequency("band-pass", high_hz, rate_hz);
  if (!(low_hz < high_hz))
    throw usage_error(fmt::format("band-pass from {} to {} Hz: want low < high", low_hz, high_hz));
  const double low = prewarp(low_hz, rate_hz), high = prewarp(high_hz, rate_hz);
  const Complex centre = bilinear(Complex(0, std::sqrt(low * high)));
  std::vector<Biquad> sections;
  for (int m = 1 - order % 2; m < order; m += 2) {
    // A pole p of the low-pass becomes the two solutions of s^2 - p (high - low) s + low high = 0.
    const Complex middle = prototype_pole(m, order) * ((high - low) / 2);
    const Complex offset = std::sqrt(middle * middle - low * high);
    const std::array poles = {bilinear(middle + offset), bilinear(middle - offset)};
    if (m == 0)
      sections.push_back(bandpass_pair(poles[0], poles[1], centre));
    else
      for (const Complex pole : poles)
        sections.push_back(bandpass_pair(pole, std::conj(pole), centre));
  }
  return sections;
}

Biquad notch(double centre_hz, double quality, double rate_hz) {
  check_frequency("notch", centre_hz, rate_hz);
  if (!(quality > 0)) throw usage_error(fmt::format("notch: quality {} (want > 0)", quality));
  const double turn = 2 * std::numbers::pi * centre_hz / rate_hz;
  const double gain = 1 / (1 + std::tan(turn / quality / 2));
  const double middle = -2 * gain * std::cos(turn);
  return {gain, middle, gain, middle, 2 * gain - 1};
}

}  // namespace einthoven::signal
