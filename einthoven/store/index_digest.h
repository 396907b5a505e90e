// What a store keeps beside its index: the quarantine as a table, and the digest of the index.
#pragma once

#include <initializer_list>

#include "einthoven/base/file.h"
#include "einthoven/store/database.h"

namespace einthoven::store {

/// quarantine.csv from the table of that name.
void write_quarantine(Database& index, const fs::path& store);

/// index.xxh128, a line as `xxh128sum` writes it for each of these files of the store, all under
/// the name of the index. With two of them the index may be replaced by the second at any moment.
void write_index_digests(const fs::path& store, std::initializer_list<const char*> files);

/// Data error if the index has none of the digests written there or quarantine.csv differs from its
/// table. Of a store without index.xxh128 (older ones) SQLite's own check of the index is asked.
void verify_index(const fs::path& store);

}  // namespace einthoven::store
