// What a file or folder is and what it holds, for people and programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "einthoven/base/file.h"
#include "einthoven/config/value.h"
#include "einthoven/format/registry.h"

namespace einthoven::infer {

struct Inspection {
  config::Value value;  ///< `kind` (recording, store, manifest, checkpoint, recipe) and its fields
  std::string text;     ///< the same as lines for a terminal
};

/// Decides by content what `path` is; the name of a built-in recipe will do. Data error if it is
/// none of the kinds. Patient data, and header comments (which may hold age and sex), are part of
/// the result only if `reading.subject` is given.
Inspection inspect(const fs::path& path, const format::ReadOptions& reading = {});

}  // namespace einthoven::infer
