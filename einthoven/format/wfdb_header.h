// WFDB header files (.hea): what a record is made of (header(5) of the WFDB Applications Guide).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::format {

/// One signal line. Physical value = (digital - baseline) / gain, in `units`.
struct WfdbSignalSpec {
  std::string file_name;  ///< in the folder of the header; "~": no samples
  int format = 16;
  int samples_per_frame = 1;
  std::int64_t skew = 0;         ///< frames by which the stored signal lags behind the others
  std::int64_t byte_offset = 0;  ///< start of the samples (FLAC: in samples)
  double gain = 200;             ///< ADC units per physical unit, never 0
  std::int64_t baseline = 0;     ///< ADC value at physical zero
  std::string units = "mV";
  int adc_resolution = 0;  ///< bits, 0: as the format
  std::int64_t adc_zero = 0;
  std::int64_t initial_value = 0;
  std::optional<std::int64_t> checksum;  ///< sum of all samples modulo 65536, either sign
  std::int64_t block_size = 0;
  std::string name;

  bool has_samples() const { return file_name != "~"; }
};

/// One segment line; the name "~" is a gap.
struct WfdbSegmentSpec {
  std::string name;
  std::int64_t length = 0;  ///< frames

  bool is_gap() const { return name == "~"; }
};

struct WfdbHeader {
  std::string record_name;
  int signal_count = 0;
  double rate_hz = 250;  ///< frames per second
  double counter_hz = 0;
  double base_counter = 0;
  std::optional<std::int64_t> length;  ///< frames; none: as long as the signal files
  std::string base_time;               ///< "HH:MM:SS[.fff]" or empty
  std::string base_date;               ///< "YYYY-MM-DD" or empty
  std::vector<WfdbSignalSpec> signals;
  std::vector<WfdbSegmentSpec> segments;  ///< not empty: a multi-segment record
  std::vector<std::string> comments;      ///< without '#', blanks and tabs at both ends
  std::vector<std::string> notes;         ///< deviations from the standard that were tolerated

  bool is_multi_segment() const { return !segments.empty(); }
  /// The first segment only lists the signals of a variable-layout record.
  bool has_layout_segment() const { return is_multi_segment() && segments[0].length == 0; }
};

/// Parses the text of a header; `source` names it in errors. Accepts every form of the standard and
/// the deviations seen in the Challenge 2020 and 2021 sets (record name with extension, dates like
/// 05-May-2020 before the time). File and segment names that leave the folder of the header are
/// data errors.
WfdbHeader parse_wfdb_header(std::string_view text, const std::string& source);

/// Reads `path`, which ends in .hea.
WfdbHeader read_wfdb_header(const fs::path& path);

/// The text that parse_wfdb_header() reads back; dates as dd/mm/yyyy.
std::string wfdb_header_text(const WfdbHeader& header);

}  // namespace einthoven::format
