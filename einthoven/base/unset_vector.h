// Vectors whose new elements start out undefined: for large ones that are filled at once.
#pragma once

#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace einthoven {

template <class T>
struct UnsetAllocator : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = UnsetAllocator<U>;
  };
  UnsetAllocator() = default;
  template <class U>
  explicit UnsetAllocator(const UnsetAllocator<U>&) {}
  template <class U>
  void construct(U* place) {
    ::new (static_cast<void*>(place)) U;
  }
  template <class U, class... Arguments>
  void construct(U* place, Arguments&&... arguments) {
    ::new (static_cast<void*>(place)) U(std::forward<Arguments>(arguments)...);
  }
};

/// resize() leaves numbers undefined; everything else is as ever.
template <class T>
using UnsetVector = std::vector<T, UnsetAllocator<T>>;

}  // namespace einthoven
