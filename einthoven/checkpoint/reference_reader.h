// The layout of fairseq-signals' checkpoints (and of plain PyTorch ones) inside a torch.save file.
#pragma once

#include "einthoven/checkpoint/checkpoint.h"

namespace einthoven::checkpoint {

/// Reads `model`, `cfg` (or the `args` of old files), `last_optimizer_state`, `optimizer_history`
/// and `extra_state`. A file that holds only a state dict, or one under `state_dict` or
/// `model_state_dict`, gives a checkpoint without configuration and optimizer. Weight-norm names of
/// torch < 2 are renamed. Meters of AUC are left out: they hold every score of the run.
Checkpoint read_reference(const fs::path& path, Parts parts);

}  // namespace einthoven::checkpoint
