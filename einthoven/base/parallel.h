// Work on all cores with results in order and bounded memory.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

namespace einthoven {

/// `requested` if positive, else the number of cores.
int thread_count(int requested);

/// Calls `work(i)` for i in [0, count) on `threads` threads. The first exception stops the rest and
/// is rethrown.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

/// Computes `produce(i)` on `threads` threads (one: the calling thread) and calls `consume(i)` in
/// order of i on the calling thread; never more than `window` items are finished but not consumed.
/// Exceptions of both are rethrown here after all threads have stopped.
void ordered_pipeline(std::size_t count, int threads, std::size_t window,
                      const std::function<void(std::size_t)>& produce,
                      const std::function<void(std::size_t)>& consume);

/// A bounded queue between threads; `close()` wakes everyone, after which `pop` drains what is
/// left.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  /// False if the queue was closed before there was room.
  bool push(T item) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return closed_ || items_.size() < capacity_; });
    if (closed_) return false;
    items_.push_back(std::move(item));
    ready_.notify_one();
    return true;
  }
  /// Nothing once the queue is closed and empty.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return closed_ || !items_.empty(); });
    if (items_.empty()) return std::nullopt;
    T item = std::move(items_.front());
    items_.pop_front();
    room_.notify_one();
    return item;
  }
  void close() {
    std::scoped_lock lock(mutex_);
    closed_ = true;
    room_.notify_all();
    ready_.notify_all();
  }

 private:
  std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable ready_;
  std::deque<T> items_;
  bool closed_ = false;
};

}  // namespace einthoven
