#include "einthoven/data/batching.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/base/numpy_random.h"

namespace einthoven::data {

std::vector<std::int64_t> ordered_indices(std::span<const std::int64_t> lengths,
                                          std::optional<std::int64_t> max_sample_size,
                                          std::uint64_t seed, bool shuffle) {
  std::vector<std::int64_t> order(lengths.size());
  std::iota(order.begin(), order.end(), 0);
  if (!shuffle) return order;
  NumpyRandom random(seed);
  const auto rank = random.permutation(static_cast<std::int64_t>(lengths.size()));
  const auto key = [&](std::int64_t i) {
    const auto k = static_cast<std::size_t>(i);
    const std::int64_t length =
        max_sample_size ? std::min(lengths[k], *max_sample_size) : lengths[k];
    return std::pair(length, rank[k]);
  };
  std::sort(order.begin(), order.end(),
            [&](std::int64_t a, std::int64_t b) { return key(a) > key(b); });
  return order;
}

namespace {

/// The running cut: a batch [begin, tail) and a tail [tail, here] that may still join it.
class Cutter {
 public:
  Cutter(std::span<const std::int64_t> order, const BatchLimits& limits)
      : order_(order),
        max_tokens_(limits.max_tokens.value_or(0)),
        max_items_(limits.batch_size.value_or(0)),
        multiple_(std::max<std::int64_t>(1, limits.multiple)) {}

  void add(std::int64_t tokens) {
    const std::int64_t next = here_ + 1;
    tail_width_ = std::max(tail_width_, tokens);
    const std::int64_t count = next - begin_;
    std::int64_t width = std::max(width_, tail_width_);
    const bool over = exceeds(max_items_, count) || exceeds(max_tokens_, count * width);
    const bool fits = count < multiple_ || count % multiple_ == 0;
    if (over) {
      emit(begin_, tail_);
      if (exceeds(max_tokens_, tail_width_ * (next - tail_))) {
        emit(tail_, here_);
        tail_ = here_;
        tail_width_ = tokens;
      }
      begin_ = tail_;
      width = tail_width_;
    }
    if (over || fits) {
      tail_ = next;
      width_ = width;
      tail_width_ = 0;
    }
    here_ = next;
  }

  std::vector<BatchIndices> finish() {
    emit(begin_, tail_);
    emit(tail_, here_);
    return std::move(batches_);
  }

 private:
  static bool exceeds(std::int64_t limit, std::int64_t value) { return limit > 0 && value > limit; }
  void emit(std::int64_t from, std::int64_t to) {
    if (from < to) batches_.emplace_back(order_.begin() + from, order_.begin() + to);
  }

  std::span<const std::int64_t> order_;
  std::int64_t max_tokens_;
  std::int64_t max_items_;
  std::int64_t multiple_;
  std::int64_t begin_ = 0;
  std::int64_t tail_ = 0;
  std::int64_t here_ = 0;
  std::int64_t width_ = 0;
  std::int64_t tail_width_ = 0;
  std::vector<BatchIndices> batches_;
};

}  // namespace

std::vector<BatchIndices> batch_by_size(std::span<const std::int64_t> order,
                                        std::span<const std::int64_t> tokens,
                                        const BatchLimits& limits) {
  Cutter cutter(order, limits);
  for (const std::int64_t item : order) {
    const std::int64_t count = tokens[static_cast<std::size_t>(item)];
    if (limits.max_tokens.value_or(0) > 0 && count > *limits.max_tokens)
      throw data_error(
          "dataset.max_tokens", fmt::format("item {}", item),
          fmt::format("a single signal is longer than the limit (got {}, want at most {})", count,
                      *limits.max_tokens));
    cutter.add(count);
  }
  return cutter.finish();
}

}  // namespace einthoven::data
