// From an extract to standardised segments: resample, standardise, cut.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "einthoven/corpus/extract.h"
#include "einthoven/signal/standardise.h"
#include "einthoven/store/sample_type.h"

namespace einthoven::corpus {

/// The numbers that decide what segments look like.
struct SegmentRules {
  double rate_hz = 500;
  double segment_seconds = 5;  ///< 0: each recording is one segment of its own length
  bool standardise = true;     ///< z-score per lead over the whole recording, before cutting
  signal::ConstantLead constant_lead = signal::ConstantLead::zero;

  /// seconds * rate; usage error unless that is a whole number.
  std::int64_t segment_samples() const;
};

/// A recording after resampling and standardising; `[lead][sample]`.
struct Prepared {
  std::vector<double> samples;
  std::int64_t length = 0;
  std::vector<double> mean;  ///< per lead, empty if not standardised
  std::vector<double> deviation;

  std::size_t leads() const { return samples.size() / static_cast<std::size_t>(length); }
  /// Number of whole segments; the remainder at the end is dropped.
  std::int64_t segments(std::int64_t segment_samples) const;
  /// Segment `number` as `[lead][sample]`; `segment_samples` 0 gives everything.
  std::vector<double> segment(std::int64_t number, std::int64_t segment_samples) const;
};

Prepared prepare(const Extract& extract, const SegmentRules& rules);

/// What a store keeps in place of NaN (absent leads, leads with an invalid sample).
enum class MissingSamples { zero, nan };

/// All segments packed for a store; unstandardised ones in mV. Samples of leads that had a NaN
/// before standardising become 0 if so asked; a deliberate NaN (constant-lead strategy nan) stays.
store::PackedSegments pack(const Prepared& prepared, const Extract& extract,
                           const SegmentRules& rules, MissingSamples missing,
                           store::SampleType type);

}  // namespace einthoven::corpus
