// Where a store is made, before it gets its name.
#pragma once

#include "einthoven/base/file.h"

namespace einthoven::store {

/// NAME.ecgstore.partial
fs::path partial_path(fs::path folder);

/// NAME.ecgstore.lock: a FileLock there keeps a second run away; the store itself is renamed.
fs::path lock_path(fs::path folder);

/// Makes way for a new start: removes what an interrupted run has left at `partial`. Usage error
/// for a folder that is no store in the making.
void remove_partial(const fs::path& partial);

}  // namespace einthoven::store
