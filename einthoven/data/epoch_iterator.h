// The order of batches in every epoch, and the place in it that a checkpoint remembers.
#pragma once

#include <cstdint>
#include <vector>

#include "einthoven/data/batching.h"

namespace einthoven::data {

/// As stored in checkpoints (`train_iterator`).
struct IteratorState {
  std::int64_t version = 2;
  std::int64_t epoch = 1;                ///< counts from 1
  std::int64_t iterations_in_epoch = 0;  ///< batches already used, by all shards together
  bool shuffle = true;
  std::int64_t batches = 0;  ///< of an epoch; 0: not known (checkpoints of the reference)
};

struct EpochOptions {
  std::uint64_t seed = 1;
  bool shuffle = true;
  std::int64_t curriculum = 0;  ///< no shuffling while epoch <= curriculum
  std::int64_t shard = 0;       ///< rank
  std::int64_t shards = 1;      ///< world size
};

/// Fixed batches in an order that numpy.random seeded by (seed + epoch) shuffles anew each epoch.
/// Shard r takes batches r, r + shards, ...; shards that run out get empty batches. Places count
/// the batches of all shards, so that a run may go on with another number of them.
///
///   while (iterator.epoch() <= max_epoch) {
///     Loader loader(dataset, collate, iterator.remaining(), {iterator.epoch()}, options);
///     for (auto group = loader.next_group(n); !group.empty(); group = loader.next_group(n)) {
///       ...train...
///       iterator.advance(group.size());
///     }
///     iterator.finish_epoch();
///   }
class EpochIterator {
 public:
  /// data error without batches, config error on an impossible shard.
  EpochIterator(std::vector<BatchIndices> batches, EpochOptions options);

  std::int64_t epoch() const { return epoch_; }
  /// Of all shards.
  std::int64_t batches_per_epoch() const { return static_cast<std::int64_t>(batches_.size()); }
  std::int64_t position() const { return position_; }
  bool end_of_epoch() const { return position_ >= batches_per_epoch(); }

  /// The batches of this shard that are left in the epoch, in order; equally many for all shards.
  std::vector<BatchIndices> remaining() const;
  /// The first batch of this epoch over all shards, never empty: stands in for empty ones.
  const BatchIndices& dummy() const;
  /// Every shard has used so many batches.
  void advance(std::size_t batches = 1);
  /// No shard's next `batches` batches end with an empty one.
  bool full(std::size_t batches) const {
    return position_ + static_cast<std::int64_t>(batches) * options_.shards <= batches_per_epoch();
  }
  /// Goes to the start of the next epoch.
  void finish_epoch();

  /// At the end of an epoch already the start of the next one.
  IteratorState state() const;
  /// Checkpoint error if the place is within an epoch of another number of batches.
  void restore(const IteratorState& state);

 private:
  bool shuffles(std::int64_t epoch) const;
  /// Numbers of all batches in the order of this epoch.
  std::vector<std::size_t> order() const;

  std::vector<BatchIndices> batches_;
  EpochOptions options_;
  std::int64_t epoch_ = 1;
  std::int64_t position_ = 0;
  bool shuffle_now_ = true;
};

}  // namespace einthoven::data
