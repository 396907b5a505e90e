// Time-stamped annotation lists (TALs) of EDF+ and BDF+.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace einthoven::format {

struct EdfMark {
  double onset_s = 0;  ///< from the second in the header: the first record may start later
  std::string text;
};

/// What the annotation signal of one record holds. The first list of the first such signal keeps
/// the time: it gives the start of the record.
struct EdfRecordMarks {
  std::optional<double> start_s;
  std::vector<EdfMark> marks;
};

/// Malformed lists end the parsing of their record: the marks before them stay.
EdfRecordMarks parse_edf_marks(std::string_view bytes);

/// The time-keeping list of a record and the lists of its marks.
std::string format_edf_marks(double start_s, const std::vector<EdfMark>& marks);

}  // namespace einthoven::format
