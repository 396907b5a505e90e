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

/// The mean over heads of the mean over the labels of a head, nats: labels of frequent heads count
/// less. All [M]: the logit, the label and the head (0, 1, ...) of each; `weight_M` may be
/// undefined. Source: fairseq-signals' multi_head_binary_cross_entropy.
at::Tensor multi_head_binary_cross_entropy(const at::Tensor& logits_M, const at::Tensor& target_M,
                                           const at::Tensor& head_M, const at::Tensor& weight_M);

/// Counters of a thresholded prediction, int64 scalars.
struct MultiLabelCounts {
  at::Tensor correct;     ///< elements that agree
  at::Tensor em_correct;  ///< rows that agree wholly
  at::Tensor true_positive, false_positive, false_negative;
};
MultiLabelCounts count_labels(const at::Tensor& predicted_BK, const at::Tensor& target_BK);

}  // namespace einthoven::objective
