// The tables of index.sqlite (docs/formats/ecgstore.md).
#pragma once

namespace einthoven::store {

inline constexpr const char* kIndexFile = "index.sqlite";
/// The index while it is written.
inline constexpr const char* kWorkingIndex = "index.working.sqlite";
inline constexpr const char* kFormatName = "einthoven.store";
/// Version 1 calls the columns of digests `sha256` and `scales_sha256`, and all its digests are.
inline constexpr int kFormatVersion = 2;

inline constexpr const char* kSchema = R"sql(
CREATE TABLE store (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE shards (shard INTEGER PRIMARY KEY, file TEXT NOT NULL, digest TEXT NOT NULL,
                     scales_file TEXT, scales_digest TEXT);
CREATE TABLE records (idx INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, source TEXT NOT NULL,
                      dataset TEXT NOT NULL, path TEXT NOT NULL, patient TEXT,
                      sample_rate REAL NOT NULL, sample_size INTEGER NOT NULL,
                      mean BLOB, std BLOB, digest TEXT NOT NULL);
CREATE TABLE segments (row INTEGER PRIMARY KEY, idx INTEGER NOT NULL, number INTEGER NOT NULL,
                       shard INTEGER NOT NULL, position INTEGER NOT NULL, samples INTEGER NOT NULL);
CREATE TABLE fields (idx INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
                     PRIMARY KEY (idx, name)) WITHOUT ROWID;
CREATE TABLE labels (idx INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
                     value REAL NOT NULL, PRIMARY KEY (idx, kind, name)) WITHOUT ROWID;
CREATE TABLE splits (scheme TEXT NOT NULL, idx INTEGER NOT NULL, split TEXT NOT NULL,
                     PRIMARY KEY (scheme, idx)) WITHOUT ROWID;
CREATE TABLE notes (idx INTEGER NOT NULL, position INTEGER NOT NULL, note TEXT NOT NULL,
                    PRIMARY KEY (idx, position)) WITHOUT ROWID;
CREATE TABLE quarantine (idx INTEGER PRIMARY KEY, path TEXT NOT NULL, reason TEXT NOT NULL);
)sql";

/// Made when all rows are there; they serve `store query`.
inline constexpr const char* kSearchIndexes = R"sql(
CREATE INDEX IF NOT EXISTS records_by_patient ON records (patient);
CREATE INDEX IF NOT EXISTS records_by_rate ON records (sample_rate);
CREATE INDEX IF NOT EXISTS segments_by_record ON segments (idx);
CREATE INDEX IF NOT EXISTS fields_by_value ON fields (name, value);
CREATE INDEX IF NOT EXISTS labels_by_name ON labels (name, value);
CREATE INDEX IF NOT EXISTS splits_by_part ON splits (scheme, split);
CREATE INDEX IF NOT EXISTS notes_by_text ON notes (note);
)sql";

}  // namespace einthoven::store
