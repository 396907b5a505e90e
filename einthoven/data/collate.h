// Items become one batch: padded or cropped to one length.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "einthoven/base/span_mask.h"
#include "einthoven/data/batch.h"
#include "einthoven/data/dataset.h"

namespace einthoven::data {

/// Span masks made by the loader instead of the model.
struct PrecomputedMasks {
  SpanMaskOptions span;
  /// (kernel, stride) of the convolutions that turn samples into tokens
  std::vector<std::pair<std::int64_t, std::int64_t>> conv_layers;
};

struct CollateOptions {
  bool pad = false;                             ///< to the longest, else crop to the shortest
  std::optional<std::int64_t> max_sample_size;  ///< crop to this
  std::vector<std::int64_t> bucket_sizes;       ///< ascending; pad up to the next one
  std::optional<PrecomputedMasks> masks;
  std::uint64_t seed = 1;  ///< of crops and masks
};

/// Length after a chain of convolutions without padding: floor((n - kernel) / stride) + 1 each.
std::int64_t conv_length(std::int64_t samples,
                         const std::vector<std::pair<std::int64_t, std::int64_t>>& layers);

/// Upper ends of `count` size classes: distinct lower percentiles of the sizes, ascending.
std::vector<std::int64_t> bucket_sizes(std::vector<std::int64_t> sizes, std::int64_t count);

/// Rows of all items in order; no items give an empty batch. Shorter signals get zeros and a true
/// padding mask on the right; longer ones are cropped at a place drawn from (seed, epoch, id), row
/// after row of an item. The padding mask is left out when `pad` is false. data error if rows
/// differ in leads or in the number of classes.
Batch collate(const std::vector<Item>& items, const CollateOptions& options,
              const Context& context);

}  // namespace einthoven::data
