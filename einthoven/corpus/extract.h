// A recording in double precision with the wanted leads in the wanted order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/base/unset_vector.h"
#include "einthoven/format/registry.h"
#include "einthoven/signal/standardise.h"

namespace einthoven::corpus {

/// Which leads to take, and how their names are compared.
struct LeadSelection {
  std::vector<std::string> names;  ///< canonical, in the order of the standard
  bool exact = false;              ///< case-sensitive, as the reference; else any spelling
};

/// "0,1,11" or "I,II,V6" -> canonical names in standard order without repetition; empty: all 12.
/// `own`: the names of a corpus whose leads are others; its order and its default. Usage error for
/// a number outside 0..11 or an unknown name.
LeadSelection parse_leads(const std::vector<std::string>& leads, bool exact,
                          const std::vector<std::string>& own = {});

/// What the integers of a file mean: (integer - zero) / gain, in the units of the header.
struct Coding {
  double zero = 0, gain = 1;
};

/// A recording before any processing. Its samples are physical, or the integers of the file where
/// those were asked for.
struct Extract {
  UnsetVector<double> samples;        ///< `[lead][sample]` in the units of the header; or none
  UnsetVector<std::int16_t> digital;  ///< `[lead][sample]`, kInvalid16: invalid; or none
  std::vector<Coding> codings;        ///< of the leads of `digital`
  std::int64_t length = 0;            ///< per lead
  double rate_hz = 0;
  std::vector<std::string> available;    ///< wanted leads that the recording has, in wanted order
  std::vector<std::string> units;        ///< of all signals of the file
  std::vector<double> millivolts;        ///< per wanted lead: mV in one unit, 1 if not a voltage
  std::vector<double> gains_adu_per_mv;  ///< of the available leads; empty: unknown
  bool unit_is_known = true;             ///< false: the file names no unit, mV are assumed
  bool single_precision =
      false;  ///< the file holds float32: it is resampled by float32 differences
  std::vector<std::string> comments;
  std::vector<std::string> statements;
  std::string recorded_at;  ///< ISO 8601 or empty
  signal::Subject subject;  ///< what the file says of the patient, not to be stored as it is
  std::vector<std::string> notes;
  std::string digest;  ///< of the signal files as stored
  /// How the reference sums over these leads: it depends on whether rows had to be moved.
  signal::Summation summation = signal::Summation::sequential;

  std::size_t leads() const {
    return length > 0 ? (samples.size() + digital.size()) / static_cast<std::size_t>(length) : 0;
  }
  std::span<const std::int16_t> digital_lead(std::size_t i) const {
    return std::span(digital).subspan(i * static_cast<std::size_t>(length),
                                      static_cast<std::size_t>(length));
  }
  /// Puts samples in the place of integers, if it has these.
  void make_physical();
  std::span<const double> lead(std::size_t i) const {
    return std::span<const double>(samples).subspan(i * static_cast<std::size_t>(length),
                                                    static_cast<std::size_t>(length));
  }
  std::span<double> lead(std::size_t i) {
    return std::span<double>(samples).subspan(i * static_cast<std::size_t>(length),
                                              static_cast<std::size_t>(length));
  }
};

/// How samples are wanted.
enum class SampleKind {
  physical,
  digital_if_plain,  ///< integers of records that are one file of format 16 with all wanted leads
};

/// Reads a WFDB record, or the cut that the options name, in double precision. A wanted lead that
/// is absent is NaN, as is an invalid sample. Data error if the record has no sample or none of the
/// wanted leads.
Extract extract_record(const fs::path& record, const LeadSelection& wanted,
                       const format::ReadOptions& options = {},
                       SampleKind kind = SampleKind::physical);

/// Reads a file of any format, in millivolts as float32; WFDB records as extract_record().
Extract extract_file(const fs::path& file, const LeadSelection& wanted,
                     const format::ReadOptions& options = {},
                     SampleKind kind = SampleKind::physical);

}  // namespace einthoven::corpus
