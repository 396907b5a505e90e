#include "einthoven/data/noise.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace einthoven::data {
namespace {

constexpr double kTwoPi = 2.0 * std::numbers::pi;

/// Adds amplitude * cos(2 pi f t / rate + phase) to a time course.
void add_cosine(std::vector<double>& noise, double amplitude, double frequency_hz, double rate_hz,
                double phase) {
  for (std::size_t t = 0; t < noise.size(); ++t)
    noise[t] +=
        amplitude * std::cos(kTwoPi * frequency_hz * static_cast<double>(t) / rate_hz + phase);
}

void add_to_lead(std::span<float> lead, const std::vector<double>& noise, double gain) {
  for (std::size_t t = 0; t < lead.size(); ++t)
    lead[t] = static_cast<float>(static_cast<double>(lead[t]) + gain * noise[t]);
}

double draw_amplitude(const AugmentationOptions& options, Draws& draws) {
  return draws.uniform(options.min_amplitude, options.max_amplitude);
}

void add_step(std::vector<double>& noise, double shift_ratio, Draws& draws) {
  const auto total = static_cast<double>(noise.size());
  const double length = draws.normal(shift_ratio * total, 0.2 * shift_ratio * total);
  const auto start = static_cast<std::int64_t>(draws.uniform(0.0, total - length));
  const auto end = static_cast<std::int64_t>(static_cast<double>(start) + length);
  const auto size = static_cast<std::int64_t>(noise.size());
  const auto from = std::clamp<std::int64_t>(start, 0, size);
  const auto to = std::clamp<std::int64_t>(end, from, size);
  std::fill(noise.begin() + from, noise.begin() + to, 1.0);
}

}  // namespace

void add_powerline_noise(Signal& signal, const AugmentationOptions& options, Draws& draws) {
  const double amplitude = draw_amplitude(options, draws);
  const double frequency_hz = draws.uniform() > 0.5 ? 50.0 : 60.0;
  const double phase = draws.uniform(0.0, kTwoPi);
  std::vector<double> noise(static_cast<std::size_t>(signal.length));
  add_cosine(noise, amplitude, frequency_hz, options.sample_rate_hz, phase);
  for (std::int64_t l = 0; l < signal.leads; ++l) add_to_lead(signal.lead(l), noise, 1.0);
}

void add_emg_noise(Signal& signal, const AugmentationOptions& options, Draws& draws) {
  std::vector<double> amplitude(static_cast<std::size_t>(signal.leads));
  for (double& a : amplitude) a = draw_amplitude(options, draws);
  for (std::int64_t l = 0; l < signal.leads; ++l)
    for (float& value : signal.lead(l))
      value = static_cast<float>(static_cast<double>(value) +
                                 amplitude[static_cast<std::size_t>(l)] * draws.normal());
}

void add_baseline_shift(Signal& signal, const AugmentationOptions& options, Draws& draws) {
  std::vector<double> amplitude(static_cast<std::size_t>(signal.leads));
  for (double& a : amplitude) a = draws.randint(0, 2) == 0 ? 1.0 : -1.0;
  const double size = draw_amplitude(options, draws);
  for (double& a : amplitude) a = options.legacy_baseline_shift ? a - size : a * size;
  std::vector<double> noise(static_cast<std::size_t>(signal.length));
  for (std::int64_t i = 0; i < options.num_segment; ++i)
    add_step(noise, options.shift_ratio, draws);
  for (std::int64_t l = 0; l < signal.leads; ++l)
    add_to_lead(signal.lead(l), noise, amplitude[static_cast<std::size_t>(l)]);
}

void add_baseline_wander(Signal& signal, const AugmentationOptions& options, Draws& draws) {
  std::vector<double> gain(static_cast<std::size_t>(signal.leads));
  for (double& g : gain) g = draws.normal(1.0, 0.5);
  std::vector<double> amplitude(static_cast<std::size_t>(options.k));
  for (double& a : amplitude) a = draw_amplitude(options, draws);
  std::vector<double> noise(static_cast<std::size_t>(signal.length));
  for (const double a : amplitude) {
    const double frequency_hz = draws.uniform(options.min_freq, options.max_freq);
    const double phase = draws.uniform(0.0, kTwoPi);
    add_cosine(noise, a, frequency_hz, options.sample_rate_hz, phase);
  }
  for (std::int64_t l = 0; l < signal.leads; ++l)
    add_to_lead(signal.lead(l), noise, gain[static_cast<std::size_t>(l)]);
}

}  // namespace einthoven::data
