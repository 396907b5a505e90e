#include "einthoven/format/csv_time.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/format/sample_rate.h"

namespace einthoven::format {
namespace {

/// No ECG is sampled more rarely: such steps are not in seconds.
constexpr double kLongestStep = 0.1;

/// The value of the last decimal: 0.01 of "1.25".
double last_digit(std::string_view cell) {
  const auto point = cell.find_first_of(".,");
  if (cell.find_first_of("eE") != std::string_view::npos) return 0;
  if (point == std::string_view::npos) return 1;
  const auto decimals =
      std::ranges::count_if(cell.substr(point + 1), [](char c) { return c >= '0' && c <= '9'; });
  return std::pow(10.0, -static_cast<double>(decimals));
}

}  // namespace

TimeColumn::TimeColumn(const SampleTable& table, std::size_t column)
    : table_(table), column_(column) {
  const std::string& unit = table.columns[column].unit;
  if (!unit.empty() && !seconds_per(unit))
    throw data_error(
        table.source(), table.columns[column].name,
        fmt::format("has a unit that is not known (got \"{}\", want s, ms or us)", unit));
}

void TimeColumn::add(std::size_t row, std::string_view cell) {
  times_.push_back(table_.number(row, column_, cell));
  if (!std::isfinite(times_.back()))
    throw data_error(table_.place(row), table_.columns[column_].name, "is missing");
  digit_ = std::min(digit_, last_digit(cell));
}

double TimeColumn::unit_s() const { return seconds_per(table_.columns[column_].unit).value_or(1); }

double TimeColumn::median_step() const {
  std::vector<double> steps;
  for (std::size_t i = 1; i < times_.size(); ++i) steps.push_back(times_[i] - times_[i - 1]);
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::ranges::nth_element(steps, middle);
  return *middle;
}

void TimeColumn::require_even() const {
  if (times_.size() < 2) return;
  const std::string& name = table_.columns[column_].name;
  const double usual = median_step();
  const double mean = span() / static_cast<double>(times_.size() - 1);
  const double slack = 0.1 * std::max(usual, mean);
  if (!(mean > 0)) throw data_error(table_.source(), name, "does not rise");
  std::size_t unusual = 0;
  const auto off = [&](std::size_t i) {
    return std::abs(times_[i] - times_[i - 1] - usual) - slack;
  };
  for (std::size_t i = 1; i < times_.size(); ++i) unusual += off(i) > 0 ? 1 : 0;
  // Rounded times differ in many steps, by one digit; a gap is a rare one.
  const double rounding = 100 * unusual > times_.size() ? 1.01 * digit_ : 0;
  for (std::size_t i = 1; i < times_.size(); ++i) {
    if (off(i) > rounding)
      throw data_error(
          table_.place(i), name,
          fmt::format("has a step of {:.6g} after steps of {:.6g}: samples are missing "
                      "or not evenly spaced",
                      times_[i] - times_[i - 1], usual));
  }
  for (std::size_t i = 1; i < times_.size(); ++i) {
    const double even = times_.front() + mean * static_cast<double>(i);
    if (std::abs(times_[i] - even) > digit_ + 0.5 * mean)
      throw data_error(
          table_.place(i), name,
          fmt::format("is not evenly spaced (got {:.9g}, want {:.9g})", times_[i], even));
  }
}

std::optional<double> TimeColumn::rate_hz() const {
  if (times_.size() < 2) return std::nullopt;
  const auto& column = table_.columns[column_];
  const double step = span() / static_cast<double>(times_.size() - 1);
  if (column.unit.empty() && step > kLongestStep)
    throw data_error(table_.source(), column.name,
                     fmt::format("has steps of {:.6g}, which cannot be seconds: name the unit "
                                 "(\"{} (ms)\") or give --rate",
                                 step, column.name));
  return simple_rate(static_cast<double>(times_.size() - 1), span() * unit_s(), digit_ * unit_s());
}

bool TimeColumn::agrees_with(double rate_hz) const {
  if (times_.size() < 2) return true;
  const double wanted = static_cast<double>(times_.size() - 1) / rate_hz;
  return std::abs(span() * unit_s() - wanted) <= digit_ * unit_s() + 0.5 / rate_hz;
}

}  // namespace einthoven::format
