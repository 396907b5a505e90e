// The running table of all recordings preprocessed so far, over several corpora (`--manifest_file`
// of fairseq-signals): idx, source, source_path, save_file, sample_rate, sample_size.
#pragma once

#include <cstdint>

#include "einthoven/base/file.h"

namespace einthoven::corpus {

/// One more than the largest idx of the table; 0 if there is no such file. Data error naming the
/// line of an idx that is no number.
std::int64_t next_idx(const fs::path& table);

/// Adds the recordings of a finished store, with the rate and length that they came with.
/// `source`: the folder that their paths are relative to.
void add_to_source_manifest(const fs::path& table, const fs::path& store, const fs::path& source);

}  // namespace einthoven::corpus
