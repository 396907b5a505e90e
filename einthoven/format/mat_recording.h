// Recordings in MAT-files: `feats` (fairseq-signals), `val` (PhysioNet) and `ECG` (CPSC 2018).
#pragma once

#include "einthoven/format/mat.h"
#include "einthoven/format/registry.h"

namespace einthoven::format {

/// feats [L, T] with curr_sample_rate (and leads, if we wrote it); val [L, T] in ADC units, which
/// needs a rate and a gain; structure ECG with data [12, T] in mV, at the 500 Hz of CPSC 2018
/// unless the structure or the options say otherwise. The matrices may be [T, L], and units may be
/// named (docs/formats/mat.md). Data error if none of them is there.
signal::Recording recording_from_mat(const MatFile& file, const ReadOptions& options);

/// org_sample_rate, curr_sample_rate, org_sample_size, curr_sample_size, feats (float32) and leads.
void write_mat_recording(const fs::path& path, const signal::Recording& recording);

}  // namespace einthoven::format
