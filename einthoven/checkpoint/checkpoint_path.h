// Where the checkpoint that a user names lies.
#pragma once

#include <optional>

#include "einthoven/base/file.h"

namespace einthoven::checkpoint {

/// `given`, or the same checkpoint in its other form: `NAME.pt` (a file of the reference) and
/// `NAME` (our folder) stand for each other. Nothing if neither exists.
std::optional<fs::path> existing_checkpoint(const fs::path& given);

}  // namespace einthoven::checkpoint
