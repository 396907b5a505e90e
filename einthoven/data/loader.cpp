#include "einthoven/data/loader.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace einthoven::data {

/// Workers claim batches in order and leave them in a ring of places; the consumer takes them in
/// order and so makes room.
class Loader::Impl {
 public:
  Impl(const Dataset& dataset, CollateOptions collate, std::vector<BatchIndices> batches,
       Context context, LoaderOptions options)
      : dataset_(dataset),
        collate_(std::move(collate)),
        batches_(std::move(batches)),
        context_(context),
        ring_(static_cast<std::size_t>(
            std::max({1, options.data_buffer_size, options.num_workers}))) {
    for (int i = 0; i < options.num_workers; ++i) workers_.emplace_back([this] { work(); });
  }

  ~Impl() {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

  std::size_t size() const { return batches_.size(); }

  std::optional<Batch> next() {
    if (consumed_ == batches_.size()) return std::nullopt;
    if (workers_.empty()) return load(consumed_++);
    std::unique_lock lock(mutex_);
    Place& place = ring_[consumed_ % ring_.size()];
    changed_.wait(lock, [&] { return place.ready; });
    Place taken = std::exchange(place, {});
    ++consumed_;
    changed_.notify_all();
    lock.unlock();
    if (taken.failure) std::rethrow_exception(taken.failure);
    return std::move(taken.batch);
  }

 private:
  struct Place {
    bool ready = false;
    Batch batch;
    std::exception_ptr failure;
  };

  Batch load(std::size_t number) const {
    std::vector<Item> items;
    items.reserve(batches_[number].size());
    for (const std::int64_t index : batches_[number])
      items.push_back(dataset_.get(static_cast<std::size_t>(index), context_));
    return collate(items, collate_, context_);
  }

  void work() {
    for (;;) {
      std::size_t number = 0;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] {
          return stopped_ || claimed_ == batches_.size() || claimed_ < consumed_ + ring_.size();
        });
        if (stopped_ || claimed_ == batches_.size()) return;
        number = claimed_++;
      }
      Place place;
      try {
        place.batch = load(number);
      } catch (...) {
        place.failure = std::current_exception();
      }
      place.ready = true;
      const std::scoped_lock lock(mutex_);
      ring_[number % ring_.size()] = std::move(place);
      changed_.notify_all();
    }
  }

  const Dataset& dataset_;
  CollateOptions collate_;
  std::vector<BatchIndices> batches_;
  Context context_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Place> ring_;
  std::size_t claimed_ = 0;
  std::size_t consumed_ = 0;
  bool stopped_ = false;
  std::vector<std::jthread> workers_;  // last: joined before what they use is destroyed
};

Loader::Loader(const Dataset& dataset, CollateOptions collate, std::vector<BatchIndices> batches,
               Context context, LoaderOptions options)
    : impl_(std::make_unique<Impl>(dataset, std::move(collate), std::move(batches), context,
                                   options)) {}

Loader::~Loader() = default;

std::size_t Loader::size() const { return impl_->size(); }

std::optional<Batch> Loader::next() { return impl_->next(); }

std::vector<Batch> Loader::next_group(std::size_t count) {
  std::vector<Batch> group;
  while (group.size() < count) {
    auto batch = impl_->next();
    if (!batch) break;
    group.push_back(std::move(*batch));
  }
  return group;
}

}  // namespace einthoven::data
