#include "einthoven/distributed/share_out.h"

#include <algorithm>

namespace einthoven::distributed {

void share_out(Group& group, std::size_t count, const std::function<std::string(std::size_t)>& make,
               const std::function<void(std::size_t, const std::string&)>& take) {
  const auto rank = static_cast<std::size_t>(group.rank());
  const auto size = static_cast<std::size_t>(group.size());
  for (std::size_t first = 0; first < count; first += size) {
    const auto pieces = group.collect(first + rank < count ? make(first + rank) : std::string());
    const std::size_t wanted = std::min(pieces.size(), count - first);
    for (std::size_t i = 0; i < wanted; ++i) take(first + i, pieces[i]);
  }
}

}  // namespace einthoven::distributed
