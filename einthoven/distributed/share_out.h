// Pieces of work made by all processes and taken in by one.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "einthoven/distributed/group.h"

namespace einthoven::distributed {

/// Those of `all` that are this process's: rank, rank + size, ...
template <class Piece>
std::vector<Piece> share_of(const Group& group, const std::vector<Piece>& all) {
  std::vector<Piece> mine;
  for (auto i = static_cast<std::size_t>(group.rank()); i < all.size();
       i += static_cast<std::size_t>(group.size()))
    mine.push_back(all[i]);
  return mine;
}

/// Piece i of `count` is made by process i mod size; the first process takes every piece, in the
/// order of their numbers, so that what it makes of them does not depend on the number of
/// processes. One piece of each process is on its way at a time. Collective.
void share_out(Group& group, std::size_t count, const std::function<std::string(std::size_t)>& make,
               const std::function<void(std::size_t, const std::string&)>& take);

}  // namespace einthoven::distributed
