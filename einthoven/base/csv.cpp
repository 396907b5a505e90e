#include "einthoven/base/csv.h"

#include <fmt/core.h>

#include <algorithm>

#include "einthoven/base/error.h"
#include "einthoven/base/gzip.h"
#include "einthoven/base/strings.h"
#include "einthoven/base/unicode.h"

namespace einthoven {
namespace {

/// Reads one record (which may span lines) and advances `text` and `line`.
std::vector<std::string> take_record(std::string_view& text, char separator, std::size_t& line,
                                     const std::string& source) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  bool returns = false;  // the last character is a bare '\r': of a line that ends with "\r\n"
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\n') ++line;
      if (c != '"') {
        cells.back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cells.back() += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"' && cells.back().empty()) {
      quoted = true;
    } else if (c == separator) {
      cells.emplace_back();
    } else if (c == '\n') {
      break;
    } else {
      cells.back() += c;
    }
    returns = !quoted && c == '\r';
  }
  if (quoted) throw data_error(fmt::format("{}:{}", source, line), "quote", "is never closed");
  if (returns) cells.back().pop_back();
  for (std::string& cell : cells) cell = valid_utf8(std::move(cell));
  text.remove_prefix(std::min(i + 1, text.size()));
  ++line;
  return cells;
}

}  // namespace

int CsvTable::find_column(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found == columns.end()) return -1;
  if (std::find(found + 1, columns.end(), name) != columns.end())
    throw data_error(source, "header", fmt::format("two columns are named \"{}\"", name));
  return static_cast<int>(found - columns.begin());
}

std::size_t CsvTable::column(std::string_view name) const {
  const int index = find_column(name);
  if (index < 0)
    throw data_error(source, "header",
                     fmt::format("no column \"{}\"{}", name, did_you_mean(name, columns)));
  return static_cast<std::size_t>(index);
}

CsvTable parse_csv(std::string_view text, std::string source, char separator,
                   const OnBadRow& on_bad_row) {
  CsvTable table;
  table.source = std::move(source);
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  std::size_t line = 1;
  if (text.empty()) throw data_error(table.source, "header", "the file is empty");
  table.columns = take_record(text, separator, line, table.source);
  while (!text.empty()) {
    const std::size_t start = line;
    const bool is_quoted = text.front() == '"';  // "" alone is an empty cell, not a blank line
    auto cells = take_record(text, separator, line, table.source);
    if (cells.size() == 1 && cells[0].empty() && !is_quoted) continue;
    if (cells.size() == table.columns.size()) {
      table.rows.push_back(std::move(cells));
      continue;
    }
    const auto problem =
        fmt::format("wrong number of cells (got {}, want {})", cells.size(), table.columns.size());
    if (!on_bad_row) throw data_error(fmt::format("{}:{}", table.source, start), "row", problem);
    on_bad_row(start, problem);
  }
  return table;
}

CsvTable read_csv(const fs::path& path, char separator) {
  return parse_csv(read_plain_or_gzip(path), path.string(), separator);
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  if (cells.size() == 1 && cells[0].empty()) return "\"\"\n";  // else a blank line
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    line += csv_cell(cells[i]);
  }
  return line + '\n';
}

std::string to_csv(const CsvTable& table) {
  std::string text = csv_line(table.columns);
  for (const auto& row : table.rows) text += csv_line(row);
  return text;
}

}  // namespace einthoven
