#include "einthoven/nn/dropout_mask.h"

#include <torch/types.h>

namespace einthoven::nn {

namespace {
constexpr double kAll = 4294967296.0;  // numbers of 32 bits
}

DropoutMask dropout_mask(std::uint32_t seed, double probability) {
  DropoutMask mask;
  if (probability <= 0) return mask;
  mask.seed = seed;
  mask.threshold = static_cast<std::uint32_t>(probability * kAll);
  mask.scale = static_cast<float>(1 / (1 - probability));
  return mask;
}

DropoutMask draw_dropout(double probability) {
  if (probability <= 0) return {};
  const auto drawn = at::randint(static_cast<std::int64_t>(kAll), {1}, at::kLong);
  return dropout_mask(static_cast<std::uint32_t>(drawn.item<std::int64_t>()), probability);
}

}  // namespace einthoven::nn
