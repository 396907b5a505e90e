// Checks of many recordings: which to read, what each has, which are copies of each other.
#pragma once

#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/format/registry.h"
#include "einthoven/signal/check/check_recording.h"

namespace einthoven::survey {

/// Recordings at a path: those below a folder but for unclear ones (see format::recordings_below),
/// or those in a file. I/O error if there is nothing.
std::vector<fs::path> recordings_at(const fs::path& path, const format::ReadOptions& read = {});

struct SurveyedRecord {
  std::string path;
  double rate_hz = 0;
  double duration_s = 0;
  std::size_t leads = 0;
  std::string content_hash;               ///< empty if it could not be read
  std::vector<signal::Finding> findings;  ///< "unreadable" and "duplicate" are among them
};

struct Survey {
  std::vector<SurveyedRecord> records;

  std::size_t count(signal::Severity at_least) const;
};

/// Reads and checks every recording on `threads` threads; what cannot be read is a fault of that
/// recording. Memory is bounded by the number of threads.
Survey survey_recordings(const std::vector<fs::path>& recordings, const format::ReadOptions& read,
                         int threads);

}  // namespace einthoven::survey
