#include "einthoven/nn/tensor_memory.h"

#include <c10/core/Allocator.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <new>

namespace einthoven::nn {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kSmallestBlock = 1 << 20;
constexpr std::size_t kPage = 2 << 20;
constexpr std::size_t kFreeAtLeast = 512 << 20;  ///< what is kept; or as much as is in use

/// Lies in the kAlignment bytes before the data.
struct Block {
  std::size_t size;  ///< with these bytes; 0: of the heap
};

std::size_t round_up(std::size_t size, std::size_t step) { return (size + step - 1) / step * step; }

/// What lies in large pages: one for the last few bytes would be a waste.
std::size_t paged(std::size_t size) { return (size + kPage / 2) / kPage * kPage; }

/// Sizes in steps of an eighth: what is beyond the data is address space, never touched.
std::size_t size_class(std::size_t size) {
  return std::max(round_up(size, std::bit_floor(size) / 8), paged(size));
}

/// `size` bytes of zeros that begin with a large page. Null if there is no room.
std::byte* map_zeros(std::size_t size) {
  const std::size_t room = size + kPage;
  void* start = ::mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return nullptr;
  const auto address = reinterpret_cast<std::uintptr_t>(start);
  const auto before = round_up(address, kPage) - address;
  auto* aligned = static_cast<std::byte*>(start) + before;
  if (before > 0) ::munmap(start, before);
  if (before < kPage) ::munmap(aligned + size, kPage - before);
  return aligned;
}

bool moves(std::byte* from, std::byte* to, std::size_t size) {
  return ::mremap(from, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to) != MAP_FAILED;
}

/// At once, or page by page: older systems do not move what was put together from several places.
void move_range(std::byte* from, std::byte* to, std::size_t size) {
  if (size == 0 || moves(from, to, size)) return;
  for (std::size_t at = 0; at < size; at += kPage) {
    if (moves(from + at, to + at, kPage)) continue;
    constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    if (::mmap(to + at, kPage, PROT_READ | PROT_WRITE, kFlags, -1, 0) == MAP_FAILED)
      throw std::bad_alloc();
  }
}

class Blocks {
 public:
  /// Null if there is no room.
  Block* take(std::size_t used) {
    const auto size = size_class(used);
    const std::lock_guard lock(mutex_);
    Block* block = take_free(size);
    if (block == nullptr) block = make(size, paged(used));
    if (block != nullptr) in_use_ += size;
    return block;
  }

  void give_back(Block* block) {
    const std::lock_guard lock(mutex_);
    in_use_ -= block->size;
    free_.push_back(block);
    free_size_ += block->size;
    while (free_size_ > std::max(kFreeAtLeast, in_use_)) drop_oldest();
  }

 private:
  /// The one that was used last: it may still be in a cache.
  Block* take_free(std::size_t size) {
    const auto found = std::find_if(free_.rbegin(), free_.rend(),
                                    [&](const Block* block) { return block->size == size; });
    if (found == free_.rend()) return nullptr;
    Block* block = *found;
    free_.erase(std::next(found).base());
    free_size_ -= size;
    return block;
  }

  /// Of at least `size` bytes; null if there is none.
  Block* take_oldest(std::size_t size) {
    const auto found =
        std::ranges::find_if(free_, [&](const Block* block) { return block->size >= size; });
    if (found == free_.end()) return nullptr;
    Block* block = *found;
    free_.erase(found);
    free_size_ -= block->size;
    return block;
  }

  void drop_oldest() {
    Block* block = take_oldest(0);
    ::munmap(block, block->size);
  }

  /// Of the pages of free blocks, as far as they go. (The system would have to clear fresh ones.)
  Block* make(std::size_t size, std::size_t large) {
    std::byte* start = map_zeros(size);
    while (start == nullptr && !free_.empty()) {
      drop_oldest();
      start = map_zeros(size);
    }
    if (start == nullptr) return nullptr;
    std::size_t done = 0;
    while (done < large) {
      Block* from = take_oldest(kPage);
      if (from == nullptr) break;
      done += move_pages(from, start + done, large - done);
    }
    if (done < large) ::madvise(start + done, large - done, MADV_HUGEPAGE);
    if (large < size) ::madvise(start + large, size - large, MADV_NOHUGEPAGE);
    return new (start) Block{size};
  }

  /// The last large pages of a block, up to `most` bytes, to another place. What is before them
  /// stays a free block.
  std::size_t move_pages(Block* block, std::byte* to, std::size_t most) {
    const auto whole = block->size, pages = whole / kPage * kPage, moved = std::min(pages, most),
               left = pages - moved;
    auto* from = reinterpret_cast<std::byte*>(block);
    if (left > 0) {
      block->size = left;
      free_.push_front(block);
      free_size_ += left;
    }
    if (pages < whole) ::munmap(from + pages, whole - pages);
    move_range(from + left, to, moved);
    return moved;
  }

  std::mutex mutex_;
  std::deque<Block*> free_;  ///< the oldest first
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
    std::free(block);  // NOLINT(*-no-malloc): of posix_memalign
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
