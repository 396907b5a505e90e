// The feed-forward block of a transformer layer.
#pragma once

#include "einthoven/nn/linear.h"

namespace einthoven::nn {

/// second(dropout(gelu(first(x)))), exact GELU; `dropout` 0: none. Where the products are our own,
/// the hidden values after the GELU are made anew in the backward pass instead of kept.
at::Tensor feed_forward(const at::Tensor& x, Linear& first, Linear& second, double dropout);

}  // namespace einthoven::nn
