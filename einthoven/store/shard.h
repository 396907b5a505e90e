// One signals-NNNNN.npy (and scales-NNNNN.npy) while it is written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/base/hash.h"
#include "einthoven/store/sample_type.h"

namespace einthoven::store {

/// Of every array in a store; digests are of what follows it.
inline constexpr std::size_t kArrayHeaderBytes = 128;

/// "signals-00007.npy"; `kind` is "signals" or "scales".
std::string shard_file_name(const char* kind, std::int64_t shard);

/// Streams segments to an array whose length is known only at the end.
class ShardWriter {
 public:
  /// `segment_samples` 0: a flat array of segments of any length.
  ShardWriter(const fs::path& folder, std::int64_t shard, SampleType type, std::size_t leads,
              std::int64_t segment_samples);

  void append(const PackedSegments& segments);
  /// Where the next segment starts: its row, or its first element in a flat array.
  std::int64_t position() const;
  std::uint64_t bytes() const { return data_bytes_; }
  /// Writes the header and the scales; the files appear under their names.
  void commit();
  /// Of the samples, and of the scales if there are any.
  std::string digest() const { return hash_.text(); }
  std::string scales_digest() const { return xxh128(std::as_bytes(std::span(scales_))); }

 private:
  fs::path folder_;
  std::int64_t shard_;
  SampleType type_;
  std::int64_t leads_;
  std::int64_t segment_samples_;
  std::uint64_t data_bytes_ = 0;
  std::vector<float> scales_;
  Xxh128 hash_;
  AtomicFile file_;
};

}  // namespace einthoven::store
