// Multi-label classification.
#pragma once

#include <ATen/core/Tensor.h>

namespace einthoven::objective {

struct BinaryCrossEntropyOptions {
  at::Tensor weight_K;      ///< per class, undefined: 1
  at::Tensor pos_weight_K;  ///< of the positive labels per class, undefined: 1
};

/// Sum over rows and classes, nats. Both [B, K] float32.
at::Tensor binary_cross_entropy(const at::Tensor& logits_BK, const at::Tensor& target_BK,
                                const BinaryCrossEntropyOptions& options);

/// Counters of a thresholded prediction, int64 scalars.
struct MultiLabelCounts {
  at::Tensor correct;     ///< elements that agree
  at::Tensor em_correct;  ///< rows that agree wholly
  at::Tensor true_positive, false_positive, false_negative;
};
MultiLabelCounts count_labels(const at::Tensor& predicted_BK, const at::Tensor& target_BK);

}  // namespace einthoven::objective
