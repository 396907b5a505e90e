// From an extract to segments: filter, resample, normalise, cut.
#pragma once

#include <cstdint>
#include <span>
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
  /// Samples of each of them.
  std::int64_t segment_length(std::int64_t length) const { return samples > 0 ? samples : length; }
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

/// A recording after filtering and resampling, and how its leads are to be normalised. That is done
/// where samples are asked for: most are wanted only once, as floats.
class Prepared {
 public:
  std::vector<double> mean;       ///< per lead what is subtracted, empty if not normalised
  std::vector<double> deviation;  ///< and what it is divided by then

  Prepared(Prepared&&) = default;
  Prepared& operator=(Prepared&&) = default;

  std::int64_t length() const { return length_; }
  std::size_t leads() const { return samples_.size() / static_cast<std::size_t>(length_); }
  /// False: read() gives no NaN but that of the constant-lead strategy.
  bool may_have_nan(std::size_t lead) const;
  /// Samples of a lead from `first` on, normalised, or in mV if they are not.
  void read(std::size_t lead, std::int64_t first, std::span<float> out) const;
  /// Segment `number` as `[lead][sample]`, normalised or in the units of the file; the whole
  /// recording if the grid says so.
  std::vector<double> segment(std::int64_t number, const SegmentGrid& grid) const;

 private:
  friend Prepared prepare(const Extract& extract, const SegmentRules& rules);
  Prepared() = default;
  bool is_normalised() const { return !mean.empty(); }
  std::span<const double> raw(std::size_t lead, std::int64_t first, std::size_t count) const;

  std::vector<double> made_;         // by filters and resampling
  std::span<const double> samples_;  // these, or those of the extract
  std::int64_t length_ = 0;
  std::vector<double> millivolts_;
  signal::ConstantLead constant_lead_ = signal::ConstantLead::zero;
};

/// The extract must live as long as the result.
Prepared prepare(const Extract& extract, const SegmentRules& rules);

/// What a store keeps in place of NaN (absent leads, leads with an invalid sample).
enum class MissingSamples { zero, nan };

/// Segments of a recording of so many leads and `length` samples, packed by
/// `add(lead, first, count, packed)`: the samples [first, first + count) of a lead.
template <class Add>
store::PackedSegments pack_leads(const SegmentGrid& grid, std::int64_t length, std::size_t leads,
                                 store::SampleType type, const Add& add) {
  const auto count = static_cast<std::size_t>(grid.count(length));
  const auto samples = static_cast<std::size_t>(grid.segment_length(length));
  store::PackedSegments packed;
  packed.lengths.assign(count, grid.segment_length(length));
  packed.bytes.reserve(count * leads * samples * store::sample_bytes(type));
  for (std::size_t number = 0; number < count; ++number)
    for (std::size_t l = 0; l < leads; ++l)
      add(l, number * static_cast<std::size_t>(grid.stride), samples, packed);
  return packed;
}

/// All segments packed for a store; those not normalised in mV. Samples of leads that had a NaN
/// before normalising become 0 if so asked; a deliberate NaN (constant-lead strategy nan) stays.
store::PackedSegments pack(const Prepared& prepared, const Extract& extract,
                           const SegmentRules& rules, MissingSamples missing,
                           store::SampleType type);

}  // namespace einthoven::corpus
