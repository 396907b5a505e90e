// Our checkpoint: a folder with model.safetensors, config.yaml, training state and digest.json.
// docs/formats/checkpoint.md describes it.
#pragma once

#include "einthoven/checkpoint/checkpoint.h"

namespace einthoven::checkpoint {

/// True for a folder with a digest.
bool is_native(const fs::path& folder);

/// Reads the folder after the SHA-256 of every file that is read was compared with the digest;
/// checkpoint error on a difference, a missing or an additional file. A folder that is replaced
/// meanwhile is read again, so that the result is wholly the old or wholly the new one.
Checkpoint read_native(const fs::path& folder, Parts parts = Parts::all);

}  // namespace einthoven::checkpoint
