#include "einthoven/data/epoch_iterator.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/base/numpy_random.h"

namespace einthoven::data {

EpochIterator::EpochIterator(std::vector<BatchIndices> batches, EpochOptions options)
    : batches_(std::move(batches)), options_(options) {
  if (batches_.empty()) throw data_error("dataset", "batches", "there are no batches");
  if (options_.shards < 1 || options_.shard < 0 || options_.shard >= options_.shards)
    throw config_error(fmt::format("shard_id: outside of the shards (got {} of {})", options_.shard,
                                   options_.shards));
  shuffle_now_ = shuffles(epoch_);
}

bool EpochIterator::shuffles(std::int64_t epoch) const {
  return options_.shuffle && epoch > options_.curriculum;
}

std::vector<std::size_t> EpochIterator::order() const {
  std::vector<std::size_t> order(batches_.size());
  std::iota(order.begin(), order.end(), 0);
  if (shuffle_now_) {
    NumpyRandom random(options_.seed + static_cast<std::uint64_t>(epoch_));
    random.shuffle(std::span(order));
  }
  return order;
}

std::vector<BatchIndices> EpochIterator::remaining() const {
  const auto order_of_all = order();
  std::vector<BatchIndices> mine;
  for (std::int64_t i = position_; i < batches_per_epoch(); i += options_.shards) {
    const auto place = static_cast<std::size_t>(i + options_.shard);
    mine.push_back(place < order_of_all.size() ? batches_[order_of_all[place]] : BatchIndices{});
  }
  return mine;
}

const BatchIndices& EpochIterator::dummy() const { return batches_[order().front()]; }

void EpochIterator::advance(std::size_t batches) {
  const std::int64_t used = static_cast<std::int64_t>(batches) * options_.shards;
  position_ = std::min(position_ + used, batches_per_epoch());
}

void EpochIterator::finish_epoch() {
  ++epoch_;
  position_ = 0;
  shuffle_now_ = shuffles(epoch_);
}

IteratorState EpochIterator::state() const {
  if (end_of_epoch()) return {2, epoch_ + 1, 0, shuffles(epoch_ + 1), batches_per_epoch()};
  return {2, epoch_, position_, shuffle_now_, batches_per_epoch()};
}

void EpochIterator::restore(const IteratorState& state) {
  if (state.epoch < 1 || state.iterations_in_epoch < 0 ||
      state.iterations_in_epoch > batches_per_epoch())
    throw checkpoint_error(
        "train_iterator", "iterations_in_epoch",
        fmt::format("the data have changed: no such place (got batch {} of epoch {}, an epoch has "
                    "{} batches)",
                    state.iterations_in_epoch, state.epoch, batches_per_epoch()));
  if (state.iterations_in_epoch > 0 && state.batches > 0 && state.batches != batches_per_epoch())
    throw checkpoint_error(
        "train_iterator", "iterations_in_epoch",
        fmt::format(
            "the data or the size of a batch have changed within epoch {} (it had {} batches, "
            "now {}); checkpoint.reset_dataloader=true begins with the first epoch",
            state.epoch, state.batches, batches_per_epoch()));
  epoch_ = state.epoch;
  position_ = state.iterations_in_epoch;
  // A half-finished epoch keeps its order even if the options have changed since.
  shuffle_now_ = position_ > 0 ? state.shuffle : shuffles(epoch_);
}

}  // namespace einthoven::data
