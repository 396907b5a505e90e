// Numbered items made ahead of their use by threads, taken in order.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace einthoven {

/// Workers claim items in order and leave them in a ring of places; next() takes them in order and
/// so makes room. The same items for any number of workers. next() and the destructor belong to one
/// thread.
template <class T>
class Prefetch {
 public:
  using Make = std::function<T(std::size_t number)>;

  /// Items 0 to `count` - 1, at most `ahead` of them finished before they are taken; without
  /// workers they are made in next(). `make` is called in many threads.
  Prefetch(std::size_t count, int workers, int ahead, Make make)
      : count_(count),
        make_(std::move(make)),
        ring_(static_cast<std::size_t>(std::max({1, ahead, workers}))) {
    for (int i = 0; i < workers; ++i) workers_.emplace_back([this] { work(); });
  }
  /// Stops the workers, also before all items are made.
  ~Prefetch() {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  Prefetch(const Prefetch&) = delete;
  Prefetch& operator=(const Prefetch&) = delete;

  std::size_t size() const { return count_; }

  /// The next item, or nothing at the end. What `make` has thrown is thrown here, at its place.
  std::optional<T> next() {
    if (consumed_ == count_) return std::nullopt;
    if (workers_.empty()) return make_(consumed_++);
    std::unique_lock lock(mutex_);
    Place& place = ring_[consumed_ % ring_.size()];
    changed_.wait(lock, [&] { return place.ready; });
    Place taken = std::exchange(place, {});
    ++consumed_;
    changed_.notify_all();
    lock.unlock();
    if (taken.failure) std::rethrow_exception(taken.failure);
    return std::move(taken.item);
  }

 private:
  struct Place {
    bool ready = false;
    std::optional<T> item;
    std::exception_ptr failure;
  };

  void work() {
    for (;;) {
      std::size_t number = 0;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] {
          return stopped_ || claimed_ == count_ || claimed_ < consumed_ + ring_.size();
        });
        if (stopped_ || claimed_ == count_) return;
        number = claimed_++;
      }
      Place place;
      try {
        place.item = make_(number);
      } catch (...) {
        place.failure = std::current_exception();
      }
      place.ready = true;
      const std::scoped_lock lock(mutex_);
      ring_[number % ring_.size()] = std::move(place);
      changed_.notify_all();
    }
  }

  std::size_t count_;
  Make make_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Place> ring_;
  std::size_t claimed_ = 0;
  std::size_t consumed_ = 0;
  bool stopped_ = false;
  std::vector<std::jthread> workers_;  // last: joined before what they use is destroyed
};

}  // namespace einthoven
