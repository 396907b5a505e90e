#include "einthoven/signal/simulator/atrial_waves.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace einthoven::signal::simulator {
namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;

void add_along(DipoleTrack& track, std::size_t sample, const Dipole& direction, double size) {
  track[0][sample] += direction.x * size;
  track[1][sample] += direction.y * size;
  track[2][sample] += direction.z * size;
}

/// Falls slowly over the first 70 % of a cycle and rises quickly, smooth at the corners.
double flutter_shape(double phase) {
  constexpr double kFall = 0.7;
  const double turn = phase - std::floor(phase);
  return turn < kFall ? std::cos(std::numbers::pi * std::pow(turn / kFall, 1.4))
                      : -std::cos(std::numbers::pi * (turn - kFall) / (1 - kFall));
}

}  // namespace

void add_fibrillatory_waves(DipoleTrack& track, double rate_hz, const Patient& patient,
                            RandomStream& random) {
  constexpr int kHarmonics = 5;
  const double centre_hz = random.uniform(5, 8);
  const double wander_hz = random.uniform(0.15, 0.4);
  const double wander_phase = random.uniform(0, kTwoPi);
  const double swell_hz = random.uniform(0.1, 0.5);
  const double swell_phase = random.uniform(0, kTwoPi);
  const double size = random.uniform(0.04, 0.10) * patient.amplitude;
  const Dipole direction = {0.15, 0.45, -0.85};
  double phase = random.uniform(0, kTwoPi);
  for (std::size_t i = 0; i < track[0].size(); ++i) {
    const double time = static_cast<double>(i) / rate_hz;
    const double frequency = centre_hz + 0.9 * std::sin(kTwoPi * wander_hz * time + wander_phase);
    phase += kTwoPi * frequency / rate_hz;
    // sin(n phase) for all n by Chebyshev's recurrence.
    const double twice_cosine = 2 * std::cos(phase);
    double before = 0;
    double sine = std::sin(phase);
    double wave = 0;
    for (int n = 1; n <= kHarmonics; ++n) {
      wave += sine / n;
      before = std::exchange(sine, twice_cosine * sine - before);
    }
    const double swell = 1 + 0.35 * std::sin(kTwoPi * swell_hz * time + swell_phase);
    add_along(track, i, direction, size * swell * wave);
  }
}

void add_flutter_waves(DipoleTrack& track, double rate_hz, const Patient& patient, double cycle_s,
                       double first_r_s) {
  constexpr double kSize = 0.13;
  const Dipole direction = {-0.05, 1.0, 0.0};
  const Dipole to_the_front = {0.1, 0.0, -0.75};
  for (std::size_t i = 0; i < track[0].size(); ++i) {
    const double phase = (static_cast<double>(i) / rate_hz - first_r_s) / cycle_s + 0.25;
    add_along(track, i, direction, kSize * patient.amplitude * flutter_shape(phase));
    add_along(track, i, to_the_front, kSize * patient.amplitude * flutter_shape(phase + 0.45));
  }
}

}  // namespace einthoven::signal::simulator
