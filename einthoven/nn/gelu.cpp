#include "einthoven/nn/gelu.h"

#include <torch/types.h>

#include <cstdint>

#include "einthoven/nn/normal.h"
#include "einthoven/nn/threads.h"

namespace einthoven::nn {
namespace {

constexpr std::int64_t kGrain = 1 << 14;

EINTHOVEN_CLONES void gelu(float* x, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) x[i] *= normal_share(x[i]);
}

EINTHOVEN_CLONES void gelu_backward(const float* x, float* gradient, float* y, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    const float share = normal_share(x[i]);
    y[i] = x[i] * share;
    gradient[i] *= gelu_slope(x[i], share);
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
