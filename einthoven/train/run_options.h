// The typed groups of a resolved configuration that training reads.
#pragma once

#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/config/groups.h"
#include "einthoven/data/batching.h"
#include "einthoven/data/loader.h"

namespace einthoven::train {

struct RunOptions {
  config::CommonOptions common;
  config::DatasetOptions dataset;
  config::OptimizationOptions optimization;
  config::CheckpointOptions checkpoint;
  config::DistributedOptions distributed;

  data::BatchLimits train_limits() const;
  data::BatchLimits valid_limits() const;
  data::LoaderOptions loader() const;
  /// Batches per update in an epoch.
  std::size_t update_freq(std::int64_t epoch) const;
  /// The names in dataset.valid_subset; none with disable_validation.
  std::vector<std::string> valid_subsets() const;
};

/// Config error if `data` holds further numbered validation manifests (valid1.tsv, ...) that are
/// neither listed in dataset.valid_subset nor left out by ignore_unused_valid_subsets.
void check_unlisted_subsets(const RunOptions& options, const fs::path& data);

/// Config error for combinations that cannot work; warnings for what this program does differently.
/// `processes`: how many the run has.
RunOptions read_run_options(const config::Value& config, int processes = 1);

}  // namespace einthoven::train
