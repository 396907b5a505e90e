// Reading and writing of recordings in any format, told apart by content.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/format/wfdb_signal.h"
#include "einthoven/format/wfdb_write.h"
#include "einthoven/signal/subject.h"

namespace einthoven::format {

/// What a file may leave open. Nothing is guessed silently: a format that needs a value which is
/// neither here nor in the file is a usage error that names the option.
struct ReadOptions {
  std::optional<double> rate_hz;
  std::vector<std::string> leads;         ///< names, in the order of the file
  std::optional<double> gain_adu_per_mv;  ///< for integer samples without a header
  std::string annotator;                  ///< WFDB: also read this annotation file, e.g. "atr"
  std::string member;                  ///< which recording of a file of many, see read_recording()
  signal::Subject* subject = nullptr;  ///< filled if given: patient data is dropped otherwise
  ChecksumPolicy checksums = ChecksumPolicy::note;
  double from_s = 0;           ///< cut: start in seconds
  std::optional<double> to_s;  ///< cut: end in seconds
};

/// One line of `einthoven formats`.
struct RecordingFormat {
  std::string_view name;
  std::string_view extensions;
  bool reads;
  bool writes;
  std::string_view description;
};

std::span<const RecordingFormat> recording_formats();

/// Whether there is such a file or WFDB record (or PATH::NAME, see below).
bool has_recording(const fs::path& path);

/// Name of the format of the file or WFDB record at `path` (or PATH::NAME, see below), by its
/// content; empty if none is known.
/// I/O error if there is no such file.
std::string_view format_of(const fs::path& path);

/// Reads a recording in millivolts. `path`: a file of any known format, or a WFDB record with or
/// without extension. PATH::NAME reads one recording of a file of many (options.member = NAME),
/// e.g. exams_part0.hdf5::590673. Data error naming the path if the content is of no known format.
signal::Recording read_recording(const fs::path& path, const ReadOptions& options = {});
Result<signal::Recording> try_read_recording(const fs::path& path, const ReadOptions& options = {});

/// The cut and the checksum policy for the WFDB record at `path`.
WfdbReadOptions wfdb_read_options(const fs::path& path, const ReadOptions& options);

/// Writes by extension: .npy (with a .json beside it that holds rate and leads), .npz, .csv, .mat
/// (feats, curr_sample_rate, leads), .h5 or .hdf5, .edf, .dcm, .json (FHIR), .hea or none (WFDB).
/// Usage error for an unknown extension.
void write_recording(const fs::path& path, const signal::Recording& recording,
                     const WfdbWriteOptions& wfdb = {});

/// What of the recording that format cannot hold, in words.
std::vector<std::string> lost_when_written(const fs::path& path,
                                           const signal::Recording& recording);

}  // namespace einthoven::format
