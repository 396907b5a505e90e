// The normal distribution, of which GELU is made, in loops that vectorise.
#pragma once

#include <algorithm>

#include "einthoven/nn/exponential.h"

namespace einthoven::nn {

/// erf(x) as x P(x^2) / Q(x^2) on [-4, 4] (beyond, it is 1 in float32): the rational minimax
/// approximation of Eigen and XLA, at most 5e-7 off.
EINTHOVEN_INLINE float erf_of(float x) {
  const float limited = std::min(std::max(x, -4.0F), 4.0F);
  const float s = limited * limited;
  float p = -2.72614225801306e-10F;
  p = p * s + 2.77068142495902e-08F;
  p = p * s + -2.10102402082508e-06F;
  p = p * s + -5.69250639462346e-05F;
  p = p * s + -7.34990630326855e-04F;
  p = p * s + -2.95459980854025e-03F;
  p = p * s + -1.60960333262415e-02F;
  float q = -1.45660718464996e-05F;
  q = q * s + -2.13374055278905e-04F;
  q = q * s + -1.68282697438203e-03F;
  q = q * s + -7.37332916720468e-03F;
  q = q * s + -1.42647390514189e-02F;
  return limited * p / q;
}

/// Phi(x), the share of the distribution below x; gelu(x) = x Phi(x).
EINTHOVEN_INLINE float normal_share(float x) { return 0.5F * (1.0F + erf_of(x * 0.707106781F)); }

/// The derivative of GELU, given Phi(x).
EINTHOVEN_INLINE float gelu_slope(float x, float share) {
  return share + x * (0.398942280F * exp_of(-0.5F * x * x));
}

}  // namespace einthoven::nn
