// Several stores become one: parts of a preprocessing that was split, or different corpora.
#pragma once

#include <cstdint>
#include <span>

#include "einthoven/base/file.h"

namespace einthoven::store {

struct MergeOptions {
  /// Hard links to the arrays instead of copies; a copy is made where links are impossible.
  bool link = false;
};

struct MergeReport {
  std::int64_t records = 0;  ///< that were added
  std::int64_t segments = 0;
  std::int64_t renumbered = 0;  ///< stores whose idx had to move behind those before them
};

/// Joins `sources` into the new store `dest`, in the order of their first idx if they are parts of
/// one preprocessing (then the result has the content of the undivided run), else in the given
/// order. A store whose idx are already taken is moved behind the others, all other idx stay. Data
/// errors: stores that differ in leads, rate, type, segment length or standardisation; a recording
/// that is in two of them; a missing or repeated part. Usage error if `dest` exists.
MergeReport merge_stores(std::span<const fs::path> sources, const fs::path& dest,
                         const MergeOptions& options = {});

/// Adds `sources` behind what `store` holds. The new arrays are complete on disk before the new
/// index takes the place of the old one in a single rename: a crash leaves the old store, and who
/// has it open keeps reading it.
MergeReport append_stores(const fs::path& store, std::span<const fs::path> sources,
                          const MergeOptions& options = {});

}  // namespace einthoven::store
