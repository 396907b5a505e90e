#include "einthoven/nn/gelu.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "einthoven/nn/exponential.h"
#include "einthoven/nn/threads.h"
#include "einthoven/nn/vectorised.h"

namespace einthoven::nn {
namespace {

constexpr std::int64_t kGrain = 1 << 14;

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

EINTHOVEN_CLONES void gelu(float* x, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) x[i] *= 0.5F * (1.0F + erf_of(x[i] * 0.707106781F));
}

EINTHOVEN_CLONES void gelu_backward(const float* x, float* gradient, float* y, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    const float phi = 0.5F * (1.0F + erf_of(x[i] * 0.707106781F));
    const float density = 0.398942280F * exp_of(-0.5F * x[i] * x[i]);
    y[i] = x[i] * phi;
    gradient[i] *= phi + x[i] * density;
  }
}

}  // namespace

void gelu_in_place(at::Tensor& x) {
  auto* values = x.data_ptr<float>();
  parallel_for(x.numel(), kGrain,
               [&](std::int64_t begin, std::int64_t end) { gelu(values + begin, end - begin); });
}

at::Tensor gelu_of(const at::Tensor& x) {
  auto y = x.clone(at::MemoryFormat::Contiguous);
  gelu_in_place(y);
  return y;
}

at::Tensor gelu_backward_(at::Tensor& gradient, const at::Tensor& x) {
  const auto in = x.contiguous();
  auto out = at::empty_like(in);
  const auto* from = in.const_data_ptr<float>();
  auto *to = out.data_ptr<float>(), *changed = gradient.data_ptr<float>();
  parallel_for(in.numel(), kGrain, [&](std::int64_t begin, std::int64_t end) {
    gelu_backward(from + begin, changed + begin, to + begin, end - begin);
  });
  return out;
}

}  // namespace einthoven::nn
