// Recordings in ISHNE Holter files.
// Source: Badilini 1998, "The ISHNE Holter Standard Output File Format".
#pragma once

#include "einthoven/format/registry.h"

namespace einthoven::format {

bool looks_like_ishne(std::string_view start);

/// All leads; options.checksums says what to do when the header's CRC differs. options.subject:
/// from the header.
signal::Recording read_ishne_recording(const fs::path& path, const ReadOptions& options);

}  // namespace einthoven::format
