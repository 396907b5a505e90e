// Recordings in DICOM waveform objects (PS3.3 C.10.9), 12-lead, general or ambulatory ECG.
#pragma once

#include "einthoven/format/registry.h"

namespace einthoven::format {

bool looks_like_dicom(std::string_view start);

/// The first multiplex group, or the one of index options.member (from 0), e.g. the median beats.
/// Leads by the codes of SCP-ECG or MDC, else by their meaning. Padding values become NaN.
/// Annotations without a position become statements. options.subject: from the patient module.
signal::Recording read_dicom_recording(const fs::path& path, const ReadOptions& options);

}  // namespace einthoven::format
