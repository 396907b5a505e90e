#include "einthoven/nn/tensor_memory.h"

#include <c10/core/Allocator.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>
#include <vector>

namespace einthoven::nn {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kSmallestBlock = 1 << 20;
constexpr std::size_t kLargePage = 2 << 20;
constexpr std::size_t kFreeAtLeast = 32 << 20;
constexpr std::size_t kFreeShare = 16;

/// Lies in the kAlignment bytes before the data.
struct Block {
  std::size_t size;  ///< with these bytes; 0: of the heap
};

std::size_t round_up(std::size_t size, std::size_t step) { return (size + step - 1) / step * step; }

/// Sizes in steps of an eighth: what is beyond the data is address space, never touched.
std::size_t size_class(std::size_t size) { return round_up(size, std::bit_floor(size) / 8); }

/// Null if there is no room.
Block* map_block(std::size_t size, std::size_t used) {
  const std::size_t room = size + kLargePage;
  void* start = ::mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return nullptr;
  const auto address = reinterpret_cast<std::uintptr_t>(start);
  const auto aligned = round_up(address, kLargePage), before = aligned - address;
  auto* block = reinterpret_cast<std::byte*>(aligned);
  if (before > 0) ::munmap(start, before);
  if (before < kLargePage) ::munmap(block + size, kLargePage - before);
  // A large page for the last few bytes would be a waste.
  const auto large = used / kLargePage * kLargePage;
  if (large > 0) ::madvise(block, large, MADV_HUGEPAGE);
  if (large < size) ::madvise(block + large, size - large, MADV_NOHUGEPAGE);
  return new (block) Block{size};
}

class Blocks {
 public:
  /// Null if there is no room.
  Block* take(std::size_t used) {
    const auto size = size_class(used);
    Block* block = take_free(size);
    if (block == nullptr) block = map_block(size, used);
    if (block == nullptr) {
      give_back_beyond(0);
      block = map_block(size, used);
    }
    if (block == nullptr) return nullptr;
    const std::lock_guard lock(mutex_);
    in_use_ += block->size;
    return block;
  }

  void give_back(Block* block) {
    std::size_t most = 0;
    {
      const std::lock_guard lock(mutex_);
      in_use_ -= block->size;
      free_.push_back(block);
      free_size_ += block->size;
      most = std::max(kFreeAtLeast, in_use_ / kFreeShare);
    }
    give_back_beyond(most);
  }

 private:
  /// The one that was used last: it may still be in a cache.
  Block* take_free(std::size_t size) {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(free_.rbegin(), free_.rend(),
                                    [&](const Block* block) { return block->size == size; });
    if (found == free_.rend()) return nullptr;
    Block* block = *found;
    free_.erase(std::next(found).base());
    free_size_ -= size;
    return block;
  }

  void give_back_beyond(std::size_t most) {
    std::vector<Block*> oldest;
    {
      const std::lock_guard lock(mutex_);
      auto end = free_.begin();
      for (; free_size_ > most; ++end) free_size_ -= (*end)->size;
      oldest.assign(free_.begin(), end);
      free_.erase(free_.begin(), end);
    }
    for (Block* block : oldest) ::munmap(block, block->size);
  }

  std::mutex mutex_;
  std::vector<Block*> free_;  ///< the oldest first
  std::size_t free_size_ = 0;
  std::size_t in_use_ = 0;
};

/// Lives as long as the process: tensors may outlive everything else.
Blocks& blocks() {
  static Blocks* const one = new Blocks;
  return *one;
}

Block* heap_block(std::size_t size) {
  void* start = nullptr;
  return ::posix_memalign(&start, kAlignment, size) == 0 ? new (start) Block{0} : nullptr;
}

void release(void* data) {
  if (data == nullptr) return;
  auto* block = reinterpret_cast<Block*>(static_cast<std::byte*>(data) - kAlignment);
  if (block->size > 0)
    blocks().give_back(block);
  else
    std::free(block);
}

class TensorMemory final : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t size) override {
    void* data = nullptr;
    if (size > 0) {
      const auto whole = size + kAlignment;
      Block* block = size < kSmallestBlock ? heap_block(whole) : blocks().take(whole);
      if (block == nullptr) throw std::bad_alloc();
      data = reinterpret_cast<std::byte*>(block) + kAlignment;
    }
    return {data, data, release, c10::DeviceType::CPU};
  }
  c10::DeleterFnPtr raw_deleter() const override { return release; }
  void copy_data(void* to, const void* from, std::size_t size) const override {
    default_copy_data(to, from, size);
  }
};

}  // namespace

void use_tensor_memory() {
  static auto* const memory = new TensorMemory;
  c10::SetAllocator(c10::DeviceType::CPU, memory);
}

}  // namespace einthoven::nn
