#include "einthoven/data/batch_memory.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/util/accumulate.h>
#include <sys/mman.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <vector>

namespace einthoven::data {
namespace {

constexpr std::size_t kSmallest = 1 << 20;
constexpr std::size_t kMostFree = 4;

struct Block {
  void* start = nullptr;
  std::size_t size = 0;
};

class Pool {
 public:
  Block take(std::size_t size) {
    {
      const std::lock_guard lock(mutex_);
      const auto fits = [&](const Block& block) {
        return block.size >= size && block.size / 2 <= size;
      };
      const auto found = std::ranges::find_if(free_, fits);
      if (found != free_.end()) {
        const Block block = *found;
        free_.erase(found);
        return block;
      }
    }
    void* start = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) throw std::bad_alloc();
    return {start, size};
  }

  void give_back(Block block) {
    const std::lock_guard lock(mutex_);
    free_.push_back(block);
    if (free_.size() <= kMostFree) return;
    ::munmap(free_.front().start, free_.front().size);
    free_.erase(free_.begin());
  }

 private:
  std::mutex mutex_;
  std::vector<Block> free_;
};

/// Lives as long as the process: tensors may outlive everything else.
Pool& pool() {
  static Pool* const one = new Pool;
  return *one;
}

}  // namespace

at::Tensor batch_floats(at::IntArrayRef sizes) {
  const auto options = at::TensorOptions().dtype(at::kFloat);
  const std::size_t size = static_cast<std::size_t>(c10::multiply_integers(sizes)) * sizeof(float);
  if (size < kSmallest) return at::empty(sizes, options);
  const Block block = pool().take(size);
  return at::from_blob(
      block.start, sizes, [block](void*) { pool().give_back(block); }, options);
}

}  // namespace einthoven::data
