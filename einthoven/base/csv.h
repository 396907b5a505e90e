// CSV tables as pandas writes them: comma, '\n', fields quoted only where they must be.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven {

/// A table of text cells with named columns.
struct CsvTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;

  /// Index of a column; data error naming `source` and the nearest column if it is absent, or if
  /// two have the name.
  std::size_t column(std::string_view name) const;
  /// Index of a column or -1.
  int find_column(std::string_view name) const;
  /// Named in error messages.
  std::string source = "table";
};

/// Told of a row with too few or too many cells.
using OnBadRow = std::function<void(std::size_t line, const std::string& problem)>;

/// Parses text with a header line; quotes may hold commas, quotes ("") and newlines. Rows shorter
/// or longer than the header go to `on_bad_row`; without it they are data errors with the line
/// number.
CsvTable parse_csv(std::string_view text, std::string source, char separator = ',',
                   const OnBadRow& on_bad_row = {});
/// Reads a file, plain or compressed with gzip.
CsvTable read_csv(const fs::path& path, char separator = ',');

/// One cell, quoted if it holds a comma, a quote or a newline.
std::string csv_cell(std::string_view text);
std::string csv_line(const std::vector<std::string>& cells);
std::string to_csv(const CsvTable& table);

}  // namespace einthoven
