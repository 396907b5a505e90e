// Recordings as FHIR R4 Observations.
#pragma once

#include "einthoven/base/file.h"
#include "einthoven/signal/recording.h"

namespace einthoven::format {

/// One Observation (hl7.org/fhir/R4/observation.html) with a component of SampledData for each
/// lead, coded by MDC (ISO/IEEE 11073-10102) where the lead is a standard one: millivolts, shortest
/// decimals that give back the same float32, "E" for NaN. Statements are notes. There is no
/// subject. FHIR allows no time of day without a time zone: only the date is written.
void write_fhir_recording(const fs::path& path, const signal::Recording& recording);

}  // namespace einthoven::format
