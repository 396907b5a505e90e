// Recordings as text tables: one column a lead.
#pragma once

#include "einthoven/format/registry.h"

namespace einthoven::format {

/// A table whose header names the leads, in mV or the unit that the header gives; a table without a
/// header needs options.leads. A column of times gives the sample rate, as does a line
/// "# rate_hz: 500" before the header; the options come before both. Times that are not even or
/// contradict that line are a data error. See docs/formats/arrays.md.
signal::Recording read_csv_recording(const fs::path& path, const ReadOptions& options);

/// Whether the table's first lines are those of a recording: a header with a standard lead, or
/// samples without a header whose leads the options name. Other tables are labels or metadata.
bool looks_like_csv_recording(const fs::path& path, const ReadOptions& options);

/// "# rate_hz: R", a header of lead names, and one line a sample, where invalid ones are "nan".
void write_csv_recording(const fs::path& path, const signal::Recording& recording);

}  // namespace einthoven::format
