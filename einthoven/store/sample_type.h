// How the samples of a store are packed: float32, float16, or int16 with a scale per lead.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/bytes.h"

namespace einthoven::store {

enum class SampleType { float32, float16, int16 };

/// "float32", "float16" or "int16"; usage error otherwise.
SampleType parse_sample_type(std::string_view name);
std::string_view sample_type_name(SampleType type);
/// NumPy's name, e.g. "<f4".
std::string_view sample_type_dtype(SampleType type);
std::size_t sample_bytes(SampleType type);

/// In int16 stores this value is NaN; all others are value * scale.
inline constexpr std::int16_t kInvalidSample = -32768;

/// The segments of one recording, packed: each `[leads][length]`, one after the other.
struct PackedSegments {
  std::string bytes;
  std::vector<std::int64_t> lengths;  ///< samples per lead of each segment
  std::vector<float> scales;          ///< int16: `[segments][leads]`, > 0, or 0 for zeros
};

/// Adds one lead of the segment that is being packed; the lengths are the caller's.
void pack_lead(SampleType type, std::span<const float> lead, PackedSegments& packed);
/// So far from an offset may an integer be to fit int16 when the offset is gone and rounded.
inline constexpr double kFarthestInteger = 32766;

/// Adds one lead of int16, (x - offset) / scale for every integer x of a recorder, where x is at
/// most kFarthestInteger from the offset. Steps of the recorder become the same whole number of
/// steps everywhere, so that only the offset is rounded.
void pack_integers(std::span<const std::int16_t> lead, double offset, double scale,
                   PackedSegments& packed);
/// Packs `samples`, which holds the segments one after the other.
PackedSegments pack_segments(SampleType type, std::size_t leads, std::vector<std::int64_t> lengths,
                             std::span<const float> samples);

/// The inverse for one segment; `scales` has one value per lead for int16 and is else ignored.
void unpack_segment(SampleType type, Bytes bytes, std::span<const float> scales,
                    std::span<float> out);

}  // namespace einthoven::store
