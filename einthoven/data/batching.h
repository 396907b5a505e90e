// Which items form a batch: order of lengths, limits on signals and samples.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace einthoven::data {

/// Item numbers of one batch; an empty one keeps the ranks of a distributed run in step.
using BatchIndices = std::vector<std::int64_t>;

/// Longest first, equal lengths in an order permuted by `seed` (numpy.random); without shuffling
/// 0, 1, 2, ... Lengths count at most `max_sample_size`.
std::vector<std::int64_t> ordered_indices(std::span<const std::int64_t> lengths,
                                          std::optional<std::int64_t> max_sample_size,
                                          std::uint64_t seed, bool shuffle);

struct BatchLimits {
  std::optional<std::int64_t> max_tokens;  ///< signals times longest length; none or 0: any
  std::optional<std::int64_t> batch_size;  ///< items; none or 0: any
  std::int64_t multiple = 8;               ///< larger batches are cut to multiples of this
};

/// Cuts `order` into batches; `tokens[i]` is the length of item i. data error if a single item is
/// longer than max_tokens.
std::vector<BatchIndices> batch_by_size(std::span<const std::int64_t> order,
                                        std::span<const std::int64_t> tokens,
                                        const BatchLimits& limits);

}  // namespace einthoven::data
