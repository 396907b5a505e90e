// Recordings in NumPy .npz archives.
#pragma once

#include "einthoven/format/registry.h"

namespace einthoven::format {

/// Whether the bytes begin like an archive whose first file is an array.
bool looks_like_npz(std::string_view start);

/// The array `samples`, or the one that options.member names, or the only one with two dimensions
/// (as read_npy_recording()); `rate_hz`, `fs` or `sample_rate` and `leads` if they are there.
signal::Recording read_npz_recording(const fs::path& path, const ReadOptions& options);

/// `samples` float32 [L, T] in mV, `rate_hz` float64, `leads` text; stored, not packed.
void write_npz_recording(const fs::path& path, const signal::Recording& recording);

}  // namespace einthoven::format
