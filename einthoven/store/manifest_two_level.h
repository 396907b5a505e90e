// Pretraining and fine-tuning manifests of one corpus without a test recording in the pretraining.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/store/manifest_build.h"

namespace einthoven::store {

enum class SplitUnit { patient, recording, file };

/// Defaults are those of fairseq-signals' manifest_physionet2021.py, but for `unit`: the reference
/// shuffles files, so that segments of one recording can be on both sides.
struct TwoLevelOptions {
  std::vector<std::string> pretrain_subsets = {"cpsc_2018", "cpsc_2018_extra",  "georgia",
                                               "ptb-xl",    "chapman_shaoxing", "ningbo"};
  std::vector<std::string> finetune_subsets = {"cpsc_2018", "georgia"};
  double pretrain_valid_percent = 0;    ///< share of valid, and of test
  double finetune_valid_percent = 0.1;  ///< share of valid, and of test
  SplitUnit unit = SplitUnit::patient;
  std::uint32_t seed = 42;  ///< of Python's random.Random, one for all draws
};

/// Six manifests, "pretrain/train" to "finetune/test". A fine-tuning subset is split first; if it
/// is a pretraining subset too, its training part alone is split again for pretraining. A subset is
/// the fold of a recording, or the first folder of its name in a tree of files. Data error if a
/// subset has no recording.
std::vector<NamedManifest> two_level_manifests(const ManifestSource& source,
                                               const TwoLevelOptions& options);

}  // namespace einthoven::store
