// Recordings in DICOM waveform objects (PS3.3 C.10.9), 12-lead, general or ambulatory ECG.
#pragma once

#include "einthoven/format/registry.h"

namespace einthoven::format {

bool looks_like_dicom(std::string_view start);

/// The first multiplex group that is not derived and those beside it, or the one of index
/// options.member (from 0), e.g. the median beats.
/// Leads by the codes of SCP-ECG or MDC, else by their meaning. Padding values become NaN.
/// Annotations without a position become statements. options.subject: from the patient module.
signal::Recording read_dicom_recording(const fs::path& path, const ReadOptions& options);

/// One multiplex group of int16 samples in explicit little-endian syntax: a 12-lead ECG object
/// where its limits hold (13 channels, 16384 samples, 200 to 1000 Hz), else a general one. The step
/// of each lead is the finest power of ten of 0.01 uV that holds it; NaN is the padding value.
/// Patient and study are empty; UIDs come from the content.
void write_dicom_recording(const fs::path& path, const signal::Recording& recording);

}  // namespace einthoven::format
