// A second name for a checkpoint that is already on disk.
#pragma once

#include "einthoven/base/file.h"

namespace einthoven::train {

/// Makes `to` (a file or folder, replaced atomically) the same checkpoint as `from` by hard links,
/// or by copies where the file system has none. io error if that fails.
void link_checkpoint(const fs::path& from, const fs::path& to);

}  // namespace einthoven::train
