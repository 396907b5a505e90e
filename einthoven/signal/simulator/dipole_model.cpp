#include "einthoven/signal/simulator/dipole_model.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace einthoven::signal::simulator {
namespace {

constexpr double kRelaxation = 2 * std::numbers::pi * 0.05;
constexpr double kReach = 6;             // standard deviations of phase that a wave is computed for
constexpr double kCoarsestStep = 0.002;  // seconds; QRS waves are 8 ms wide
constexpr double kWarmUp = 2;            // seconds before the first sample

/// Steps of the integration: `finer` of them make one sample.
struct StepGrid {
  std::size_t finer;
  double step_s;
  double start_s;
  std::size_t steps;
};

StepGrid grid_for(std::size_t samples, double rate_hz) {
  const auto finer = static_cast<std::size_t>(std::ceil(1 / (rate_hz * kCoarsestStep) - 1e-9));
  const std::size_t warm = static_cast<std::size_t>(kWarmUp * rate_hz);
  const double step = 1 / (rate_hz * static_cast<double>(finer));
  return {finer, step, -static_cast<double>(warm) / rate_hz, (warm + samples) * finer};
}

/// The driving term on the grid of half steps, which is where Runge-Kutta evaluates it.
class Drive {
 public:
  explicit Drive(const StepGrid& grid) : grid_(grid) {
    for (auto& component : values_) component.assign(2 * grid.steps + 1, 0.0);
  }

  void add(const Wave& wave, double r_time_s, double omega) {
    const double half = grid_.step_s / 2;
    const double centre = omega * wave.centre_s;
    const double width = omega * wave.width_s;
    const double middle = (r_time_s + wave.centre_s - grid_.start_s) / half;
    const double reach = kReach * wave.width_s / half;
    const double last = static_cast<double>(values_[0].size()) - 1;
    const auto from = static_cast<std::size_t>(std::clamp(std::ceil(middle - reach), 0.0, last));
    const auto to = static_cast<std::size_t>(std::clamp(std::floor(middle + reach), 0.0, last));
    const double theta = omega * (grid_.start_s + half * static_cast<double>(from) - r_time_s);
    add_pulse(from, to, (theta - centre) / width, omega * half / width,
              wave.moment_mv * (-omega / width));
  }

  const std::vector<double>& component(std::size_t i) const { return values_[i]; }

 private:
  /// scale * z exp(-z^2/2) at z, z + step, ... The exponential on an even grid is a product: two
  /// multiplications a point instead of a call of exp.
  void add_pulse(std::size_t from, std::size_t to, double z, double step, const Dipole& scale) {
    double bell = std::exp(-0.5 * z * z);
    double ratio = std::exp(-z * step - 0.5 * step * step);
    const double ratio_change = std::exp(-step * step);
    for (std::size_t i = from; i <= to; ++i) {
      const double pulse = z * bell;
      values_[0][i] += scale.x * pulse;
      values_[1][i] += scale.y * pulse;
      values_[2][i] += scale.z * pulse;
      z += step;
      bell *= ratio;
      ratio *= ratio_change;
    }
  }

  const StepGrid& grid_;
  DipoleTrack values_;
};

/// The mean that the relaxation would reach: starting there avoids a long settling.
Dipole mean_dipole(std::span<const TimedBeat> beats) {
  Dipole area;
  double time = 0;
  for (const TimedBeat& beat : beats) {
    time += beat.rr_s;
    for (const Wave& wave : beat.shape.waves)
      area = area + wave.moment_mv * (wave.width_s * std::sqrt(2 * std::numbers::pi));
  }
  return time > 0 ? area * (1 / time) : area;
}

std::vector<double> integrate(const std::vector<double>& drive, const StepGrid& grid,
                              std::size_t samples, double start) {
  const double h = grid.step_s;
  const std::size_t warm = grid.steps - samples * grid.finer;
  std::vector<double> track(samples);
  double u = start;
  for (std::size_t i = 0; i < grid.steps; ++i) {
    if (i >= warm && (i - warm) % grid.finer == 0) track[(i - warm) / grid.finer] = u;
    const double k1 = drive[2 * i] - kRelaxation * u;
    const double k2 = drive[2 * i + 1] - kRelaxation * (u + h / 2 * k1);
    const double k3 = drive[2 * i + 1] - kRelaxation * (u + h / 2 * k2);
    const double k4 = drive[2 * i + 2] - kRelaxation * (u + h * k3);
    u += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return track;
}

}  // namespace

DipoleTrack integrate_dipole(std::span<const TimedBeat> beats, std::size_t samples,
                             double rate_hz) {
  const StepGrid grid = grid_for(samples, rate_hz);
  Drive drive(grid);
  for (const TimedBeat& beat : beats)
    for (const Wave& wave : beat.shape.waves)
      drive.add(wave, beat.r_time_s, 2 * std::numbers::pi / beat.rr_s);
  const Dipole mean = mean_dipole(beats);
  return {integrate(drive.component(0), grid, samples, -mean.x),
          integrate(drive.component(1), grid, samples, -mean.y),
          integrate(drive.component(2), grid, samples, -mean.z)};
}

}  // namespace einthoven::signal::simulator
