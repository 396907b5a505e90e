// Recordings in EDF, EDF+, BDF and BDF+ files.
#pragma once

#include "einthoven/format/edf_header.h"
#include "einthoven/format/registry.h"

namespace einthoven::format {

/// The ECG signals of the file: those with the name of a standard lead or MLII or a label
/// "ECG ..." or "EKG ...", else all voltages; of these the ones with the highest rate. What is left
/// out is in the notes. Gaps of EDF+D become NaN. options.subject: from the patient field.
signal::Recording read_edf_recording(const fs::path& path, const ReadOptions& options);

/// EDF+C with 16-bit samples at the finest of 0.01, 0.1, 1, ... uV a step that holds the lead; NaN
/// becomes -32768, below the digital minimum. If the length has no divisor that makes sensible
/// records, the last record is filled with the last value. Annotations become their text or symbol.
/// The fraction of the starting second, of which readers take milliseconds, is the onset of the
/// first record. Patient and recording fields are anonymous.
void write_edf_recording(const fs::path& path, const signal::Recording& recording);

}  // namespace einthoven::format
