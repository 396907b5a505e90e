// What one step of training or inference consumes.
#pragma once

#include <ATen/core/Tensor.h>

namespace einthoven::data {

/// Collated samples; tensors that a task does not need stay undefined.
struct Batch {
  at::Tensor id;            ///< int64 [B], row of the dataset
  at::Tensor source;        ///< float32 [B, L, T]
  at::Tensor padding_mask;  ///< bool [B, L, T], true = padding; undefined: nothing is padded
  at::Tensor original;      ///< float32 [B, L, T], source before augmentation
  at::Tensor label;         ///< float32 [B, K] (classification) or int64 [B] (identification)
  /// Where samples list labels of some heads only, `label` is float32 [M], all lists one after the
  /// other, and for each of them:
  at::Tensor target_row;    ///< int64 [M], row of the batch; undefined: no lists
  at::Tensor target_idx;    ///< int64 [M], head of the model
  at::Tensor attribute_id;  ///< int64 [M], or undefined
  at::Tensor patient_id;    ///< int64 [B]
  at::Tensor segment;       ///< int64 [B], 0 or 1 within a CMSC pair
  at::Tensor mask_indices;  ///< bool [B, N] span masks made in advance

  bool empty() const { return !source.defined(); }
};

}  // namespace einthoven::data
