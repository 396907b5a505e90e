// Files below a folder.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven {

/// Paths below `root` (relative, sorted) of the files that `wanted` accepts. Links to folders are
/// followed, each folder is visited once. I/O error if `root` cannot be listed, a warning if a
/// folder below it cannot.
std::vector<std::string> files_below(const fs::path& root,
                                     const std::function<bool(const fs::path&)>& wanted);

/// Those with an extension, which is left off.
std::vector<std::string> stems_below(const fs::path& root, const fs::path& extension);

}  // namespace einthoven
