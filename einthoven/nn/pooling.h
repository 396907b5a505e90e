// From tokens to one vector per segment.
#pragma once

#include <ATen/core/Tensor.h>

namespace einthoven::nn {

/// Zeroes padded tokens; the mask may be undefined (nothing is padded).
at::Tensor zero_padding(const at::Tensor& x_BND, const at::Tensor& padding_mask_BN);

/// Sum over tokens divided by the number of entries that are not zero, per channel, as the
/// reference pools everywhere (not by the number of valid tokens). A channel that is zero
/// throughout gives NaN. [B, N, D] -> [B, D].
at::Tensor mean_of_nonzero(const at::Tensor& x_BND);

}  // namespace einthoven::nn
