// The dynamical model: the dipole as the state of differential equations driven by the heart's
// phase.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "einthoven/signal/simulator/beat_shape.h"

namespace einthoven::signal::simulator {

/// The dipole's x, y, z in millivolts, one value a sample.
using DipoleTrack = std::array<std::vector<double>, 3>;

/// A beat with its waves (already adapted to its RR interval) and the time of its R.
struct TimedBeat {
  double r_time_s = 0;
  double rr_s = 1;
  BeatShape shape;
};

/// Integrates, for each component u of the dipole (Sameni et al. 2007; one component: McSharry et
/// al. 2003),
///
///   theta' = omega = 2 pi / RR
///   u' = - sum_i a_i (omega / b_i^2) d_i exp(-d_i^2 / (2 b_i^2)) - lambda u,  d_i = theta -
///   theta_i
///
/// by the classical Runge-Kutta method at the sample rate. McSharry's x and y only carry the phase
/// on a circle; on their limit cycle they reduce to the first equation (polar form). Waves are
/// given in seconds, so theta_i = omega t_i and b_i = omega s_i follow each beat's angular velocity
/// and QRS keeps its width at every rate. lambda is the relaxation to the baseline, here the
/// 0.05 Hz high-pass of diagnostic electrocardiographs.
DipoleTrack integrate_dipole(std::span<const TimedBeat> beats, std::size_t samples, double rate_hz);

}  // namespace einthoven::signal::simulator
