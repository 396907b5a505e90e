// The sample rate of a table with a column of times.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "einthoven/format/csv_table.h"

namespace einthoven::format {

/// The times of a table, row by row.
class TimeColumn {
 public:
  /// `column`: its number in the table. Data error for a unit that is no time.
  TimeColumn(const SampleTable& table, std::size_t column);

  void add(std::size_t row, std::string_view cell);

  /// Data error naming row and step unless the times rise evenly, as far as their digits show.
  void require_even() const;
  /// Nothing if there are fewer than two rows; data error if the column names no unit and the steps
  /// are too long for seconds.
  std::optional<double> rate_hz() const;
  /// Whether the rate gives these times, as far as their digits show.
  bool agrees_with(double rate_hz) const;

 private:
  double unit_s() const;
  double span() const { return times_.back() - times_.front(); }
  double median_step() const;

  const SampleTable& table_;
  std::size_t column_;
  std::vector<double> times_;  ///< in the unit of the column
  double digit_ = 1;           ///< the last that is written
};

}  // namespace einthoven::format
