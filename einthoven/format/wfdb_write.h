// Writing of WFDB records: header and signal file.
#pragma once

#include <optional>
#include <string>

#include "einthoven/base/file.h"
#include "einthoven/signal/recording.h"

namespace einthoven::format {

struct WfdbWriteOptions {
  int format = 16;  ///< 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516 or 524
  double gain_adu_per_mv = 1000;
  std::int64_t baseline = 0;
  std::string annotator = "atr";  ///< extension of the annotation file, if there are annotations
  /// MATLAB v4 matrix `val` with a 24-byte header, as in the PhysioNet/CinC Challenges ("16+24").
  bool challenge_mat = false;
  Sync sync = Sync::now;
};

/// Writes `path`.hea and `path`.dat (or .mat), and `path`.<annotator> if the recording has
/// annotations; comments become '#' lines. Samples are rounded to the nearest ADC unit, NaN becomes
/// the invalid value. Data error naming the lead if a sample does not fit the format; usage error
/// for options that do not go together.
void write_wfdb(const fs::path& record_path_without_extension, const signal::Recording& recording,
                const WfdbWriteOptions& options = {});

}  // namespace einthoven::format
