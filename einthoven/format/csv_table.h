// Text tables of samples: header or not, separators, quotes, decimal commas, units.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace einthoven::format {

/// Seconds in one of the unit ("s", "ms", "us", spelt out or not; 1 for "hh:mm:ss.mmm"); nothing if
/// it is no time.
std::optional<double> seconds_per(std::string_view unit);

/// "I (mV)", "I [mV]", "I_mV" and "time_ms", taken apart; the unit is empty if there is none.
struct CsvColumn {
  std::string name;
  std::string unit;

  /// Whether it counts the samples: "", "index", "sample #", "Unnamed: 0", ...
  bool is_index() const;
  bool is_time() const;
};
CsvColumn parse_csv_column(std::string_view text);

/// A table without its blank lines and comments. Data errors name file, line and column.
class SampleTable {
 public:
  /// The text has to live as long as the table.
  SampleTable(std::string_view text, std::string source);

  std::vector<CsvColumn> columns;
  bool has_header = true;  ///< if not, the columns have no names
  std::optional<double> rate_hz;
  std::string_view info;  ///< JSON, see recording_info.h

  const std::string& source() const { return source_; }
  std::size_t row_count() const { return rows_.size(); }
  /// As many as there are columns.
  std::vector<std::string_view> cells(std::size_t row) const;
  /// The number in a cell, of times like "0:01.250" too; NaN if it is empty, "nan", "NA" or "-".
  double number(std::size_t row, std::size_t column, std::string_view cell) const;
  /// FILE:LINE
  std::string place(std::size_t row) const;

 private:
  void take_comment(std::string_view line);
  /// The units below the header, if the line has some and no numbers.
  bool take_units(std::string_view line);
  void take_first(std::string_view line, std::size_t line_number);

  std::string source_;
  char separator_ = ',';
  std::vector<std::string_view> rows_;
  std::vector<std::size_t> line_numbers_;
};

}  // namespace einthoven::format
