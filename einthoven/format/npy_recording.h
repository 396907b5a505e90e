// Recordings as NumPy arrays, with rate and leads in a .json file beside them.
#pragma once

#include "einthoven/base/npy.h"
#include "einthoven/format/registry.h"

namespace einthoven::format {

/// A [leads, samples] or [samples, leads] array (or one lead) of floats in mV or integers in ADC
/// units. `NAME.json` beside `NAME.npy` may hold {"rate_hz": 500, "leads": [...]} and
/// "gain_adu_per_mv" and "units"; the options come before it.
signal::Recording read_npy_recording(const fs::path& path, const ReadOptions& options);
/// `unit`: what the file says the values are ("mV", "uV", "adu"), or empty.
signal::Recording recording_from_array(const std::string& source, const NpyArray& array,
                                       const std::string& unit, const ReadOptions& options);

/// float32 [leads, samples] and the .json file.
void write_npy_recording(const fs::path& path, const signal::Recording& recording);

/// ADC integers int32 [leads, samples], one value a frame, and the .json file (with the gains, if
/// all signals share one). Usage error unless the path ends in .npy.
void write_npy_digital(const fs::path& path, const WfdbRecord& record);

}  // namespace einthoven::format
