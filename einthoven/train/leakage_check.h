// Training data must not be what a run is validated or tested on.
#pragma once

#include "einthoven/base/file.h"
#include "einthoven/train/run_options.h"

namespace einthoven::train {

/// Compares the training manifest with those of dataset.valid_subset and with every test*.tsv
/// beside them (store/leakage.h). What they share is a data error with dataset.leakage_check
/// "error", a warning with "warn"; "off" reads nothing. Manifests that do not exist are left to the
/// loader.
void check_leakage(const RunOptions& options, const fs::path& data);

}  // namespace einthoven::train
