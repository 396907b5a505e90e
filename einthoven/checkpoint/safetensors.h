// The safetensors format: a JSON header and raw little-endian tensors.
#pragma once

#include <map>
#include <string>

#include "einthoven/base/file.h"
#include "einthoven/checkpoint/state_dict.h"

namespace einthoven::checkpoint {

/// Reads every tensor over a private map of the file. The header is bounded (100 MB, as the
/// format's own library has it); offsets that overlap, leave holes or do not fit shape and type are
/// checkpoint errors.
StateDict read_safetensors(const fs::path& path);

/// Writes contiguous tensors, the header in the order of `tensors`. Atomic.
void write_safetensors(const fs::path& path, const StateDict& tensors,
                       const std::map<std::string, std::string>& metadata = {{"format", "pt"}});

/// True for a plausible header length followed by `{`.
bool looks_like_safetensors(Bytes file);

}  // namespace einthoven::checkpoint
