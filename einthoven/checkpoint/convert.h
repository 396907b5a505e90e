// Conversion between checkpoint formats.
#pragma once

#include <functional>
#include <string_view>

#include "einthoven/base/file.h"
#include "einthoven/checkpoint/checkpoint.h"

namespace einthoven::checkpoint {

enum class Format { reference, native, safetensors };

/// "reference", "native", "safetensors"; usage error for others.
Format parse_format(std::string_view name);

/// By the name: `.pt` and `.pth` reference, `.safetensors`, and a native folder for the rest.
Format format_of_name(const fs::path& path);

/// Reads `input` (any format) and writes `output`, making its folder. Safetensors hold the model
/// only. `check` sees what was read and may throw: then nothing is written.
void convert(const fs::path& input, const fs::path& output, Format format,
             const std::function<void(const Checkpoint&)>& check = {});

}  // namespace einthoven::checkpoint
