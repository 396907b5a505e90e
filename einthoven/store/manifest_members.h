// Whose recordings a manifest names.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "einthoven/base/file.h"

namespace einthoven::store {

struct ManifestMembers {
  std::string name;
  std::int64_t rows = 0;
  std::set<std::string> recordings;
  std::set<std::string> patients;  ///< empty: not known
  std::set<std::string> contents;  ///< digests; empty: not known
};

/// Reads a manifest and, for the rows of a store, its index; `read_files`: the .mat files too.
/// Data error if a row of a store is not in the store.
ManifestMembers read_members(const fs::path& manifest, bool read_files);

}  // namespace einthoven::store
