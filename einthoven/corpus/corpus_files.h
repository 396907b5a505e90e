// Files of a corpus on disk, and cells of its tables.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::corpus {

/// Paths below `root` (relative, sorted) of the files that `wanted` accepts. Links to folders are
/// followed, each folder is visited once.
std::vector<std::string> files_below(const fs::path& root,
                                     const std::function<bool(const fs::path&)>& wanted);
/// Those with an extension, which is left off.
std::vector<std::string> stems_below(const fs::path& root, const fs::path& extension);

/// A path of a table, which must not lead out of the corpus; data error naming `where`.
fs::path path_inside(const fs::path& root, const std::string& path, const std::string& where);

/// "15709.0" -> "15709"; other texts stay as they are.
std::string whole_number(const std::string& text);

}  // namespace einthoven::corpus
