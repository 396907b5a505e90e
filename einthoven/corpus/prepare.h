// From an extract to segments: filter, resample, normalise, cut.
#pragma once

#include <cstdint>
#include <vector>

#include "einthoven/corpus/extract.h"
#include "einthoven/signal/filter_chain.h"
#include "einthoven/signal/normalise.h"
#include "einthoven/signal/resample.h"
#include "einthoven/store/sample_type.h"

namespace einthoven::corpus {

/// Where the segments of a recording begin and end.
struct SegmentGrid {
  std::int64_t samples = 0;  ///< of a segment; 0: the recording is one
  std::int64_t stride = 0;   ///< from the start of one to the start of the next

  /// Number of whole segments; the remainder at the end is dropped.
  std::int64_t count(std::int64_t length) const {
    if (samples == 0) return 1;
    return length < samples ? 0 : (length - samples) / stride + 1;
  }
};

/// The numbers that decide what segments look like.
struct SegmentRules {
  double rate_hz = 500;
  signal::Resampling resampling = signal::Resampling::linear;
  double segment_seconds = 5;   ///< 0: each recording is one segment of its own length
  double stride_seconds = 0;    ///< less than segment_seconds: they overlap; 0: as long as they are
  signal::FilterChain filters;  ///< at the rate of the recording, before all else
  signal::NormaliseRules normalise;  ///< of the whole recording, before cutting

  /// seconds * rate; usage error unless those are whole numbers.
  SegmentGrid grid() const;
};

/// A recording after filtering, resampling and normalising; `[lead][sample]`.
struct Prepared {
  std::vector<double> samples;
  std::int64_t length = 0;
  std::vector<double> mean;       ///< per lead what was subtracted, empty if not normalised
  std::vector<double> deviation;  ///< and what it was divided by then

  std::size_t leads() const { return samples.size() / static_cast<std::size_t>(length); }
  /// Segment `number` as `[lead][sample]`.
  std::vector<double> segment(std::int64_t number, const SegmentGrid& grid) const;
};

Prepared prepare(const Extract& extract, const SegmentRules& rules);

/// What a store keeps in place of NaN (absent leads, leads with an invalid sample).
enum class MissingSamples { zero, nan };

/// All segments packed for a store; those not normalised in mV. Samples of leads that had a NaN
/// before normalising become 0 if so asked; a deliberate NaN (constant-lead strategy nan) stays.
store::PackedSegments pack(const Prepared& prepared, const Extract& extract,
                           const SegmentRules& rules, MissingSamples missing,
                           store::SampleType type);

}  // namespace einthoven::corpus
