// Packing of digital samples in WFDB signal files (signal(5) of the WFDB Applications Guide); the
// FLAC formats are in wfdb_flac.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "einthoven/base/bytes.h"

namespace einthoven::format {

/// Whether unpack_samples() knows the format: 8, 16, 24, 32, 61, 80, 160, 212, 310, 311.
bool is_packed_format(int format);
/// Whether it is 508, 516 or 524.
bool is_flac_format(int format);

/// Digital values that a format can hold, without the one that marks an invalid sample.
struct SampleRange {
  std::int64_t lowest;
  std::int64_t highest;
};
SampleRange sample_range(int format);

/// Bytes that the first `samples` samples of a file take.
std::size_t packed_size(int format, std::size_t samples);
/// Samples that `bytes` bytes hold.
std::size_t samples_in(int format, std::size_t bytes);

/// Samples `first`, `first + 1`, ... in the order of the file. Format 8: the stored differences.
/// `packed` must hold packed_size(first + out.size()) bytes.
void unpack_samples(int format, Bytes packed, std::size_t first, std::span<std::int32_t> out);

/// The bytes of samples in file order; every value must be in the range of the format or be its
/// invalid value. Format 8 takes differences.
std::string pack_samples(int format, std::span<const std::int32_t> samples);

}  // namespace einthoven::format
