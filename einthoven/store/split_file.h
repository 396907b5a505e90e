// Splits that somebody has published as a table.
#pragma once

#include "einthoven/store/manifest_source.h"

namespace einthoven::store {

/// Sets ManifestRecord::fold from a table with the column `split` (as meta_split.csv of
/// fairseq-signals and our splits.csv), matched by save_file, or by idx where the table has no
/// save_file. Recordings that are not in the table get an empty fold. Data error if none is in it,
/// or one is in two parts.
void apply_split_file(const fs::path& table, ManifestSource& source);

}  // namespace einthoven::store
