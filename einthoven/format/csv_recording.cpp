#include "einthoven/format/csv_recording.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "einthoven/base/csv.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/array_layout.h"
#include "einthoven/format/recording_info.h"

namespace einthoven::format {
namespace {

/// The text of a table, taken apart into lines without blank ones and comments.
struct Table {
  std::string source;
  char separator = ',';
  std::optional<double> rate_hz;
  std::string_view info;  ///< JSON, see recording_info.h
  std::vector<std::string> columns;
  std::vector<std::string_view> rows;
  std::vector<std::size_t> line_numbers;
};

std::string without_quotes(std::string_view cell) {
  cell = trim(cell);
  if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"')
    cell = cell.substr(1, cell.size() - 2);
  return std::string(trim(cell));
}

void take_comment(std::string_view line, Table& table) {
  const auto colon = line.find_first_of(":=");
  if (colon == std::string_view::npos) return;
  const std::string key = lower(trim(line.substr(1, colon - 1)));
  if (key == "info") table.info = trim(line.substr(colon + 1));
  const auto value = parse_double(trim(line.substr(colon + 1)));
  if (key == "rate_hz" || key == "sample_rate" || key == "fs") table.rate_hz = value;
}

Table parse_table(std::string_view text, const std::string& source) {
  Table table;
  table.source = source;
  std::size_t number = 0;
  for (std::string_view line : split_lines(text)) {
    ++number;
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    const std::string_view bare = trim(line);
    if (bare.empty()) continue;
    if (bare.front() == '#') {
      take_comment(bare, table);
    } else if (table.columns.empty()) {
      for (const char candidate : {',', ';', '\t'})
        if (bare.find(candidate) != std::string_view::npos) {
          table.separator = candidate;
          break;
        }
      for (const std::string_view cell : split(bare, table.separator))
        table.columns.push_back(without_quotes(cell));
    } else {
      table.rows.push_back(line);
      table.line_numbers.push_back(number);
    }
  }
  if (table.columns.empty()) throw data_error(source, "header", "missing: the table is empty");
  return table;
}

double parse_cell(const Table& table, std::size_t row, std::size_t column, std::string_view cell) {
  cell = trim(cell);
  if (cell.empty()) return std::numeric_limits<double>::quiet_NaN();
  if (const auto value = parse_double(cell)) return *value;
  throw data_error(fmt::format("{}:{}", table.source, table.line_numbers[row]),
                   table.columns[column],
                   fmt::format("is not a number (got \"{}\")", cell.substr(0, 40)));
}

/// Seconds in one unit of a column that holds times, or 0 if it does not.
double time_unit(std::string_view column) {
  const std::string name = lower(column);
  if (name == "time" || name == "t" || name == "time_s" || name == "seconds" || name == "time (s)")
    return 1;
  return name == "time_ms" || name == "time (ms)" || name == "ms" ? 1e-3 : 0;
}

bool is_index(std::string_view column) {
  const std::string name = lower(column);
  return name.empty() || name == "index" || name == "sample" || name == "sample_index";
}

/// Samples per second of evenly spaced times; nothing if there are fewer than two.
std::optional<double> rate_of(const std::vector<double>& times, double unit) {
  if (times.size() < 2) return std::nullopt;
  const double rate =
      static_cast<double>(times.size() - 1) / ((times.back() - times.front()) * unit);
  const double whole = std::round(rate);  // times are often printed with few digits
  return whole > 0 && std::abs(rate - whole) < 1e-3 * whole ? whole : rate;
}

}  // namespace

signal::Recording read_csv_recording(const fs::path& path, const ReadOptions& options) {
  const std::string text = read_file(path);
  const Table table = parse_table(text, path.string());
  const double unit = time_unit(table.columns[0]);
  const bool skips_first = unit > 0 || is_index(table.columns[0]);
  const std::vector<std::string> names(table.columns.begin() + (skips_first ? 1 : 0),
                                       table.columns.end());
  std::vector<std::string> notes;
  auto leads = choose_leads(table.source, names.size(), names, options, notes);
  signal::Recording recording(std::move(leads), static_cast<std::int64_t>(table.rows.size()), 0);
  std::vector<double> times;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const auto cells = split(table.rows[row], table.separator);
    if (cells.size() != table.columns.size())
      throw data_error(fmt::format("{}:{}", table.source, table.line_numbers[row]), "columns",
                       fmt::format("as many as in the header are wanted (got {}, want {})",
                                   cells.size(), table.columns.size()));
    if (unit > 0) times.push_back(parse_cell(table, row, 0, cells[0]));
    for (std::size_t c = skips_first ? 1 : 0; c < cells.size(); ++c)
      recording.lead(c - (skips_first ? 1 : 0))[row] =
          static_cast<float>(parse_cell(table, row, c, cells[c]));
  }
  recording.name = path.stem().string();
  recording.notes = std::move(notes);
  take_info_text(table.info, table.source, recording);
  recording.rate_hz =
      require_rate(table.source, table.rate_hz ? table.rate_hz : rate_of(times, unit), options);
  return recording;
}

void write_csv_recording(const fs::path& path, const signal::Recording& recording) {
  AtomicFile file(path);
  std::string text = fmt::format("# rate_hz: {}\n", recording.rate_hz);
  if (const std::string info = info_text(recording); !info.empty())
    text += "# info: " + info + '\n';
  text += csv_line(recording.leads);
  if (!text.ends_with('\n')) text += '\n';
  char number[32];
  for (std::size_t t = 0; t < static_cast<std::size_t>(recording.length()); ++t) {
    for (std::size_t l = 0; l < recording.lead_count(); ++l) {
      if (l > 0) text += ',';
      const float value = recording.lead(l)[t];
      if (!std::isnan(value))
        text.append(number, std::to_chars(number, number + sizeof number, value).ptr);
    }
    text += '\n';
    if (text.size() > std::size_t{1} << 20) {
      file.write(text);
      text.clear();
    }
  }
  file.write(text);
  file.commit();
}

}  // namespace einthoven::format
