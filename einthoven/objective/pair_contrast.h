// Contrast between segments: CMSC (Kiyasseh et al. 2021), SimCLR (Chen et al. 2020) and 3KG
// (Gopal et al. 2021).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace einthoven::objective {

struct ContrastOptions {
  double temperature = 0.1;
  double eps = 1e-8;  ///< smallest norm divided by
};

struct PairContrast {
  at::Tensor loss;         ///< scalar, nats
  std::int64_t pairs = 0;  ///< positive pairs
};

/// Segments 0 and 1 of the same patient attract each other: mean over the positive pairs of both
/// directions. `z_BD` embeddings; `patient_B` and `segment_B` int64, in host memory. Norms are
/// constants in the gradient, as in the reference. Data error if the batch holds no pair.
PairContrast cmsc(const at::Tensor& z_BD, const at::Tensor& patient_B, const at::Tensor& segment_B,
                  const ContrastOptions& options);

/// Views ordered a0, b0, a1, b1, ...: each must find its partner among all others. Sum.
PairContrast simclr(const at::Tensor& z_BD, const ContrastOptions& options);

/// As simclr with every other segment of the same patient as a positive: each positive pair against
/// the segments of other patients. Sum over pairs.
PairContrast three_kg(const at::Tensor& z_BD, const at::Tensor& patient_B,
                      const ContrastOptions& options);

}  // namespace einthoven::objective
