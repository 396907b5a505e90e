// WFDB records: digital samples of all signal files, physical values, and recordings in millivolts.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "einthoven/format/wfdb_header.h"
#include "einthoven/signal/recording.h"

namespace einthoven::format {

/// What happens when the samples do not add up to the checksum of the header.
enum class ChecksumPolicy { ignore, note, error };

struct WfdbReadOptions {
  ChecksumPolicy checksums = ChecksumPolicy::note;
  /// Frames [first, last) to read; checksums are verified only for whole records.
  std::int64_t first_frame = 0;
  std::int64_t last_frame = std::numeric_limits<std::int64_t>::max();
  /// Data error for records with more samples (over all signals) than this.
  std::int64_t max_samples = std::int64_t{1} << 32;
};

/// The samples of one signal over one segment.
struct WfdbTrace {
  WfdbSignalSpec spec;
  std::size_t signal = 0;  ///< index in the names of the record
  /// `samples_per_frame` values a frame, skew removed; invalid ones as invalid_sample() says.
  std::vector<std::int32_t> digital;
};

/// Consecutive frames that were stored together.
struct WfdbPart {
  std::int64_t first_frame = 0;  ///< relative to the frames that were read
  std::int64_t frames = 0;
  std::vector<WfdbTrace> traces;
};

/// A record as stored. Single-segment records have one part; in multi-segment records frames and
/// signals that no part holds are gaps.
struct WfdbRecord {
  WfdbHeader header;        ///< of the whole record; `signals` filled for multi-segment records too
  std::int64_t length = 0;  ///< frames read
  std::vector<WfdbPart> parts;
  std::vector<std::string> notes;

  /// One value a frame (several samples a frame are averaged, rounded towards zero as the WFDB
  /// library does). Data error if the segments store the signal with different gains or formats.
  std::vector<std::int32_t> digital(std::size_t signal) const;
  /// One value a frame, in the units of the header, computed in double; NaN: invalid or a gap.
  std::vector<double> physical(std::size_t signal) const;
  /// The same into `out`, which has `length` places.
  void read_physical(std::size_t signal, std::span<double> out) const;
};

/// The digital value that marks a missing sample: the lowest of the format; format 8, which has
/// none, takes the lowest 32-bit number.
std::int32_t invalid_sample(int format);

/// Path of the header for a record path with or without .hea, .dat or .mat.
fs::path wfdb_header_path(const fs::path& record);

/// Reads a single- or multi-segment record. Data errors: malformed header, a signal file shorter
/// than the header says, unknown format, a segment that does not fit. I/O errors: missing files.
WfdbRecord read_wfdb(const fs::path& record, const WfdbReadOptions& options = {});

/// Millivolts with canonical lead names. Signals in V, uV or nV are scaled; signals that are not
/// voltages (or name no unit) keep their numbers and are named in the notes.
signal::Recording to_recording(const WfdbRecord& record);

/// read_wfdb() and to_recording() in one step; 16-bit records go straight from the file into the
/// float buffer.
signal::Recording read_wfdb_recording(const fs::path& record, const WfdbReadOptions& options = {});

}  // namespace einthoven::format
