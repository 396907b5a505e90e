// From a recording to the segments that a model was trained on (ECG-FM's quickstart pipeline).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/data/dataset.h"
#include "einthoven/signal/filter_chain.h"
#include "einthoven/signal/normalise.h"
#include "einthoven/signal/recording.h"
#include "einthoven/signal/resample.h"

namespace einthoven::infer {

struct PreparationOptions {
  double rate_hz = 500;
  std::int64_t segment_samples = 2500;  ///< per lead at rate_hz
  signal::FilterChain filters;          ///< at the rate of the recording
  signal::Resampling resampling = signal::Resampling::linear;
  signal::NormaliseRules normalise;
};

struct Prepared {
  std::vector<data::Signal> segments;  ///< 12 standard leads each
  std::vector<std::string> notes;      ///< what was repaired or is doubtful
};

/// Leads by name in the order I..V6, filters, resampling to rate_hz, scaling over the whole
/// recording (by default a z-score per lead), then as many whole segments as there are. Absent
/// leads are zero, with a note, and do not count for the others. Data error without any standard
/// lead, with an invalid sample, if every lead is constant (one that is gets a note), or if the
/// recording is shorter than one segment.
Prepared prepare(const signal::Recording& recording, const PreparationOptions& options);

}  // namespace einthoven::infer
