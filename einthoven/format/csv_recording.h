// Recordings as text tables: one column a lead.
#pragma once

#include "einthoven/format/registry.h"

namespace einthoven::format {

/// A table whose header names the leads, in mV. A first column named time, t, time_s, seconds or
/// time_ms gives the sample rate, as does a line "# rate_hz: 500" before the header; the options
/// come before both. Empty cells and "nan" are NaN. Comma, semicolon or tab.
signal::Recording read_csv_recording(const fs::path& path, const ReadOptions& options);

/// "# rate_hz: R", a header of lead names, and one line a sample.
void write_csv_recording(const fs::path& path, const signal::Recording& recording);

}  // namespace einthoven::format
