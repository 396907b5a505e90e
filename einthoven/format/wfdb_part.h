// Reading of the signal files that one single-segment WFDB header names.
#pragma once

#include <string>
#include <vector>

#include "einthoven/format/wfdb_signal.h"

namespace einthoven::format {

/// The signals of a header that are stored together, in the order of the file.
struct WfdbSignalFile {
  std::string name;
  int format = 16;
  std::int64_t offset = 0;
  std::vector<std::size_t> signals;

  /// Samples of all its signals in one frame.
  std::int64_t samples_per_frame(const WfdbHeader& header) const;
};

/// Groups the signals by file; data error if a file has two formats or the format is unknown.
/// Signals without samples are in no group.
std::vector<WfdbSignalFile> wfdb_signal_files(const WfdbHeader& header, const std::string& source);

/// Frames of a single-segment record: as the header says, else as many as its files hold.
std::int64_t wfdb_length(const WfdbHeader& header, const fs::path& folder);

/// Frames [first, last) of all signals of `header`, which is single-segment and whose files are in
/// `folder`. Checksum differences go to `notes` or are data errors.
WfdbPart read_wfdb_part(const WfdbHeader& header, const fs::path& folder, std::int64_t first,
                        std::int64_t last, ChecksumPolicy checksums,
                        std::vector<std::string>& notes);

/// Compares the low 16 bits of a sum of samples with the header, as the policy says.
void check_wfdb_sum(const WfdbSignalSpec& spec, std::uint64_t sum, const std::string& source,
                    ChecksumPolicy policy, std::vector<std::string>& notes);

}  // namespace einthoven::format
