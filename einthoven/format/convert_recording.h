// Conversion of one recording file to another format.
#pragma once

#include <string>
#include <vector>

#include "einthoven/format/registry.h"
#include "einthoven/signal/filter_chain.h"

namespace einthoven::format {

struct ConvertOptions {
  ReadOptions read;
  WfdbWriteOptions write;
  /// Leads to keep, in this order; empty: all. Data error if one is missing.
  std::vector<std::string> leads;
  /// Write the ADC integers of a WFDB record (to .npy) instead of millivolts.
  bool digital = false;
  signal::FilterChain filters;  ///< after the cut; not with `digital`
};

/// What was written, for a line of output.
struct ConvertedRecording {
  std::size_t lead_count = 0;
  std::int64_t length = 0;
  double rate_hz = 0;
  std::vector<std::string> notes;  ///< of the reader, and what the format cannot hold
};

/// Reads `in`, cuts and reorders it, writes `out` and makes its folder. Errors as read_recording()
/// and write_recording(); usage error for `digital` with other than a WFDB record and .npy.
ConvertedRecording convert_recording(const fs::path& in, const fs::path& out,
                                     const ConvertOptions& options);

}  // namespace einthoven::format
