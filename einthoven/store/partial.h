// Where a store is made, before it gets its name.
#pragma once

#include "einthoven/base/file.h"

namespace einthoven::store {

class Database;

/// NAME.ecgstore.partial
fs::path partial_path(fs::path folder);

/// NAME.ecgstore.lock: a FileLock there keeps a second run away; the store itself is renamed.
fs::path lock_path(fs::path folder);

/// Makes way for a new start: removes what an interrupted run has left at `partial`. Usage error
/// for a folder that is no store in the making.
void remove_partial(const fs::path& partial);

/// The finished index as a new file, with what searches need, on the disk. A copy without history
/// has the same bytes however often the run was interrupted.
void write_compact_index(Database& index, const fs::path& file);

/// Takes the place of what may be at `to`, on the disk. I/O error.
void rename_over(const fs::path& from, const fs::path& to);

}  // namespace einthoven::store
