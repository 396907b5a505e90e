// Folders and recordings for the tests of this layer.
#pragma once

#include <cmath>

#include "einthoven/corpus/preprocess.h"
#include "einthoven/format/wfdb_write.h"
#include "einthoven/signal/lead.h"
#include "tests/unit/store/store_fixture.h"

/// Declares `name` as ../shared/PART; leaves the test case if ../shared is not there.
#define SHARED_OR_SKIP(name, part)              \
  if (!fs::is_directory(EINTHOVEN_SHARED)) {    \
    MESSAGE("skipped: ../shared is not there"); \
    return;                                     \
  }                                             \
  const fs::path name = fs::path(EINTHOVEN_SHARED) / part

namespace einthoven::corpus::testing {

using store::testing::TemporaryFolder;

inline PreprocessOptions physionet_options(const fs::path& source, const fs::path& dest) {
  PreprocessOptions options;
  options.corpus = "physionet2021";
  options.source = source;
  options.dest = dest;
  options.leads = parse_leads({}, false);
  return options;
}

/// Twelve sine waves at 500 Hz with Challenge comments.
inline void write_challenge_record(const fs::path& path, std::int64_t samples) {
  fs::create_directories(path.parent_path());
  signal::Recording recording({signal::kStandardLeads.begin(), signal::kStandardLeads.end()},
                              samples, 500);
  recording.name = path.filename().string();
  recording.comments = {"Age: 47", "Sex: Female", "Dx: 426783006,164889003", "Rx: Unknown"};
  for (std::size_t l = 0; l < 12; ++l)
    for (std::int64_t i = 0; i < samples; ++i)
      recording.lead(l)[static_cast<std::size_t>(i)] =
          std::sin(0.02F * static_cast<float>(i * static_cast<std::int64_t>(l + 1)));
  format::WfdbWriteOptions options;
  options.challenge_mat = true;
  format::write_wfdb(path, recording, options);
}

}  // namespace einthoven::corpus::testing
