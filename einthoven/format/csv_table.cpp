#include "einthoven/format/csv_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/wfdb_units.h"
#include "einthoven/signal/lead.h"

namespace einthoven::format {
namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, lower(text)) != words.end();
}

std::string_view without_quotes(std::string_view cell) {
  cell = trim(cell);
  if (cell.size() >= 2 && cell.front() == cell.back() &&
      (cell.front() == '"' || cell.front() == '\''))
    cell = trim(cell.substr(1, cell.size() - 2));
  return cell;
}

/// Separators between double quotes do not count.
std::vector<std::string_view> split_cells(std::string_view line, char separator) {
  if (line.find('"') == std::string_view::npos) return split(line, separator);
  std::vector<std::string_view> cells;
  std::size_t start = 0;
  bool is_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') is_quoted = !is_quoted;
    if (line[i] != separator || is_quoted) continue;
    cells.push_back(line.substr(start, i - start));
    start = i + 1;
  }
  cells.push_back(line.substr(start));
  return cells;
}

/// A semicolon or tab comes before the comma, which may be the decimal sign.
char separator_of(std::string_view line) {
  for (const char candidate : {';', '\t'})
    if (line.find(candidate) != std::string_view::npos) return candidate;
  return ',';
}

/// Lines that end in LF, CR LF or (old spreadsheets) CR alone.
std::vector<std::string_view> lines_of(std::string_view text) {
  return text.find('\n') == std::string_view::npos ? split(text, '\r') : split_lines(text);
}

/// With a plus sign or a decimal comma too; nothing if it is no number.
std::optional<double> parse_cell(std::string_view cell) {
  if (const auto value = parse_double(trim(cell))) return value;
  cell = without_quotes(cell);
  if (cell.empty() || is_one_of(cell, {"na", "n/a", "null", "-"}))
    return std::numeric_limits<double>::quiet_NaN();
  if (cell.size() > 1 && cell[0] == '+' && cell[1] != '-') cell.remove_prefix(1);
  std::string text(cell);
  if (const auto comma = text.find(','); comma != std::string::npos) {
    if (text.find('.') != std::string::npos) return std::nullopt;
    text[comma] = '.';
  }
  return parse_double(text);
}

/// "[h:]mm:ss.mmm" in seconds.
std::optional<double> parse_clock(std::string_view cell) {
  double seconds = 0;
  const auto parts = split(without_quotes(cell), ':');
  if (parts.size() != 2 && parts.size() != 3) return std::nullopt;
  for (const std::string_view part : parts) {
    const auto value = parse_double(part);
    if (!value || !(*value >= 0)) return std::nullopt;
    seconds = seconds * 60 + *value;
  }
  return seconds;
}

/// 0, 1, 2, ... or 1, 2, 3, ...: names that a table without lead names is given.
bool is_numbering(const std::vector<std::string_view>& cells) {
  const auto first = parse_int(without_quotes(cells[0]));
  if (cells.size() < 3 || !first || (*first != 0 && *first != 1)) return false;
  for (std::size_t c = 0; c < cells.size(); ++c)
    if (parse_int(without_quotes(cells[c])) != *first + static_cast<std::int64_t>(c)) return false;
  return true;
}

bool are_samples(const std::vector<std::string_view>& cells) {
  const auto is_number = [](std::string_view cell) { return parse_cell(cell).has_value(); };
  const auto is_empty = [](std::string_view cell) { return without_quotes(cell).empty(); };
  return std::ranges::all_of(cells, is_number) && !std::ranges::all_of(cells, is_empty);
}

bool is_time_word(std::string_view text) {
  return is_one_of(text, {"time", "t", "times", "timestamp", "elapsed", "elapsed time"});
}

/// Whether `text` after `name` and a blank or a low line is a unit and no part of the name.
bool is_unit_of(std::string_view name, std::string_view text) {
  if (is_time_word(name)) return seconds_per(text).has_value();
  return millivolts_per(text) && (text.size() > 1 || signal::standard_lead_index(name));
}

}  // namespace

std::optional<double> seconds_per(std::string_view unit) {
  if (is_one_of(unit, {"s", "sec", "secs", "second", "seconds", "hh:mm:ss.mmm", "hh:mm:ss"}))
    return 1;
  if (is_one_of(unit, {"ms", "msec", "millisecond", "milliseconds"})) return 1e-3;
  if (is_one_of(unit, {"us", "\xc2\xb5s", "\xce\xbcs", "usec", "microsecond", "microseconds"}))
    return 1e-6;
  return std::nullopt;
}

bool CsvColumn::is_index() const {
  return is_one_of(name,
                   {"", "index", "idx", "#", "sample", "samples", "sample_index", "sample index",
                    "sample_number", "sample number", "sample #", "sample no", "unnamed: 0"});
}

bool CsvColumn::is_time() const { return is_time_word(name); }

CsvColumn parse_csv_column(std::string_view text) {
  const std::string_view cell = without_quotes(text);
  const char close = cell.empty() ? '\0' : cell.back();
  if (close == ')' || close == ']') {
    const auto open = cell.rfind(close == ')' ? '(' : '[');
    if (open != std::string_view::npos && open > 0) {
      const std::string_view unit = trim(cell.substr(open + 1, cell.size() - open - 2));
      if (!parse_int(unit)) return {std::string(trim(cell.substr(0, open))), std::string(unit)};
    }
  }
  if (cell.size() > 1 && seconds_per(cell)) return {"time", std::string(cell)};
  if (const auto at = cell.find_last_of("_ /"); at != std::string_view::npos && at > 0)
    if (const auto name = trim(cell.substr(0, at)); is_unit_of(name, cell.substr(at + 1)))
      return {std::string(name), std::string(cell.substr(at + 1))};
  return {std::string(cell), ""};
}

SampleTable::SampleTable(std::string_view text, std::string source) : source_(std::move(source)) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw data_error(source_, "text", "is UTF-16: save it as UTF-8");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::size_t number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    const std::string_view bare = trim(line);
    if (bare.empty()) continue;
    if (bare.front() == '#') {
      take_comment(bare);
    } else if (columns.empty()) {
      take_first(line, number);
    } else if (!has_header || !rows_.empty() || !take_units(line)) {
      rows_.push_back(line);
      line_numbers_.push_back(number);
    }
  }
  if (columns.empty()) throw data_error(source_, "header", "missing: the table is empty");
  // Some programs end every line with a separator: that makes no column.
  if (columns.size() > 1 && columns.back().name.empty() && !rows_.empty()) {
    const auto first = split_cells(rows_[0], separator_);
    if (first.size() == columns.size() && trim(first.back()).empty()) columns.pop_back();
  }
}

void SampleTable::take_comment(std::string_view line) {
  const auto colon = line.find_first_of(":=");
  if (colon == std::string_view::npos) return;
  const std::string key = lower(trim(line.substr(1, colon - 1)));
  if (key == "info") info = trim(line.substr(colon + 1));
  if (is_one_of(key, {"rate_hz", "sample_rate", "fs"}))
    rate_hz = parse_double(trim(line.substr(colon + 1)));
}

void SampleTable::take_first(std::string_view line, std::size_t line_number) {
  separator_ = separator_of(line);
  const auto cells = split_cells(line, separator_);
  const bool is_row = are_samples(cells) && !is_numbering(cells);
  has_header = !are_samples(cells);
  for (const std::string_view cell : cells)
    columns.push_back(has_header ? parse_csv_column(cell) : CsvColumn());
  if (!is_row) return;
  rows_.push_back(line);
  line_numbers_.push_back(line_number);
}

bool SampleTable::take_units(std::string_view line) {
  const auto cells = split_cells(line, separator_);
  if (cells.size() != columns.size()) return false;
  bool names_voltage = false;
  for (const std::string_view cell : cells) {
    if (const auto value = parse_cell(cell); value && !std::isnan(*value)) return false;
    if (millivolts_per(without_quotes(cell))) names_voltage = true;
  }
  for (std::size_t c = 0; names_voltage && c < cells.size(); ++c)
    if (columns[c].unit.empty()) columns[c].unit = without_quotes(cells[c]);
  return names_voltage;
}

std::vector<std::string_view> SampleTable::cells(std::size_t row) const {
  auto cells = split_cells(rows_[row], separator_);
  if (cells.size() == columns.size() + 1 && trim(cells.back()).empty()) cells.pop_back();
  if (cells.size() != columns.size())
    throw data_error(place(row), "columns",
                     fmt::format("as many as in the first line are wanted (got {}, want {})",
                                 cells.size(), columns.size()));
  return cells;
}

double SampleTable::number(std::size_t row, std::size_t column, std::string_view cell) const {
  const auto& [name, unit] = columns[column];
  if (const auto value = parse_cell(cell)) return *value;
  if (columns[column].is_time() && (unit.empty() || seconds_per(unit) == 1))
    if (const auto seconds = parse_clock(cell)) return *seconds;
  throw data_error(place(row), name.empty() ? fmt::format("column {}", column + 1) : name,
                   fmt::format("is not a number (got {})", shown_number(trim(cell))));
}

std::string SampleTable::place(std::size_t row) const {
  return fmt::format("{}:{}", source_, line_numbers_[row]);
}

}  // namespace einthoven::format
