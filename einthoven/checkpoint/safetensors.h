// The safetensors format: a JSON header and raw little-endian tensors.
#pragma once

#include <map>
#include <string>

#include "einthoven/base/file.h"
#include "einthoven/checkpoint/state_dict.h"

namespace einthoven::checkpoint {

/// Reads every tensor over a private map of the file. Checkpoint error as parse_safetensors().
StateDict read_safetensors(const fs::path& path);

/// Writes contiguous tensors, the header in the order of `tensors`. Atomic.
void write_safetensors(const fs::path& path, const StateDict& tensors,
                       const std::map<std::string, std::string>& metadata = {{"format", "pt"}});

}  // namespace einthoven::checkpoint
