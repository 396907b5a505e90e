// Additive angular margin (Deng et al. 2019).
#pragma once

#include <ATen/core/Tensor.h>

namespace einthoven::objective {

struct ArcFaceOptions {
  double scale = 32;
  double margin = 0.5;  ///< radians
};

/// Cross entropy, summed, of scaled cosines whose target column is cos(angle + margin); where that
/// would pass pi, cosine - margin * sin(margin). `cosine_BK` in [-1, 1], `target_B` int64.
at::Tensor arcface(const at::Tensor& cosine_BK, const at::Tensor& target_B,
                   const ArcFaceOptions& options);

}  // namespace einthoven::objective
