// The header of EDF, EDF+, BDF and BDF+ files.
// Sources: Kemp et al. 1992 (EDF); Kemp, Olivan 2003 (EDF+, edfplus.info/specs); BioSemi (BDF).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/bytes.h"

namespace einthoven::format {

struct EdfSignal {
  std::string label;      ///< as in the file, e.g. "ECG V1"
  std::string unit;       ///< physical dimension, e.g. "uV"
  std::string prefilter;  ///< e.g. "HP:0.05Hz LP:150Hz N:50Hz"
  double physical_min = 0, physical_max = 0;
  std::int32_t digital_min = 0, digital_max = 0;
  std::int64_t samples = 0;  ///< in one record
  std::size_t offset = 0;    ///< of its samples, in bytes from the start of a record

  bool is_annotations() const;
  /// Physical units of one digital step; the digital value 0 is `zero()`.
  double step() const;
  double zero() const { return physical_min - step() * digital_min; }
};

struct EdfHeader {
  bool is_bdf = false;    ///< 24-bit samples
  bool is_plus = false;   ///< with annotations and structured patient and recording fields
  bool has_gaps = false;  ///< EDF+D: records may lie apart
  std::string patient, recording;
  std::string date, time;  ///< start, ISO 8601; empty if not valid or not known
  std::int64_t record_count = 0;
  double record_s = 0;
  std::size_t header_size = 0;
  std::size_t record_size = 0;  ///< bytes
  std::vector<EdfSignal> signals;

  std::size_t sample_size() const { return is_bdf ? 3 : 2; }
};

/// The simplest rate at which a record of `samples` has the duration that the file states; one that
/// is no whole number is rounded to the eight characters of its field.
double edf_rate_hz(std::int64_t samples, double record_s);

bool looks_like_edf(std::string_view start);

/// Data error on malformed headers and on fewer records than promised; a count of -1 (still being
/// written) is that of the whole records that are there.
EdfHeader parse_edf_header(Bytes file, const std::string& source);

}  // namespace einthoven::format
