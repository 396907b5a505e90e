// Large CSV files without a table in memory: rows by a key, or some at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "einthoven/base/csv.h"

namespace einthoven {

/// Keeps one offset a row; the file stays mapped. Safe to ask from several threads.
class CsvIndex {
 public:
  /// Data error if there is no such column. Rows whose key is no whole number are not found; of
  /// equal keys the first counts.
  CsvIndex(const fs::path& path, std::string_view key_column);

  const std::vector<std::string>& columns() const { return columns_; }
  /// A table of one row, or nothing. Data error for a row with too few or too many cells.
  std::optional<CsvTable> find(std::int64_t key) const;

 private:
  MappedFile file_;
  std::string source_;
  std::string_view text_;
  std::string_view header_;
  std::vector<std::string> columns_;
  std::unordered_map<std::int64_t, std::uint64_t> offsets_;
};

/// Reads a large file some thousand rows at a time. `first_row`: number of the first one in the
/// whole file, from 0. Data error with the line for a row with too few or too many cells.
void read_csv_in_chunks(
    const fs::path& path,
    const std::function<void(const CsvTable& chunk, std::size_t first_row)>& take);

}  // namespace einthoven
