// Recordings whose integers an int16 store takes over, without floats between.
#pragma once

#include <optional>
#include <vector>

#include "einthoven/corpus/extract.h"
#include "einthoven/corpus/prepare.h"
#include "einthoven/store/sample_type.h"

namespace einthoven::corpus {

/// All segments of a recording for a store, and how its leads were normalised.
struct PackedRecording {
  store::PackedSegments segments;
  std::vector<double> mean, deviation;  ///< as in Prepared
};

/// False if something else than a shift and a scale for each lead is to be done to samples.
bool can_pack_integers(const SegmentRules& rules);

/// What prepare() and pack() make of it, to half a step of int16. Nothing if the extract has no
/// integers or these do not suffice: another rate, an invalid sample, a constant lead, a lead that
/// is far from its mean.
std::optional<PackedRecording> pack_integers(const Extract& extract, const SegmentRules& rules);

}  // namespace einthoven::corpus
