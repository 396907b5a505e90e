// From a recording to the segments that a model was trained on (ECG-FM's quickstart pipeline).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/data/dataset.h"
#include "einthoven/signal/recording.h"

namespace einthoven::infer {

struct PreparationOptions {
  double rate_hz = 500;
  std::int64_t segment_samples = 2500;  ///< per lead at rate_hz
};

struct Prepared {
  std::vector<data::Signal> segments;  ///< 12 standard leads each
  std::vector<std::string> notes;      ///< what was repaired or is doubtful
};

/// Leads by name in the order I..V6 (absent ones are zero, with a note), linear resampling to
/// rate_hz, z-score per lead over the whole recording (constant leads become zero), then as many
/// whole segments as there are. Data error without any standard lead, with an invalid sample, or if
/// the recording is shorter than one segment.
Prepared prepare(const signal::Recording& recording, const PreparationOptions& options);

}  // namespace einthoven::infer
