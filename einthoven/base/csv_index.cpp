#include "einthoven/base/csv_index.h"

#include <fmt/core.h>

#include "einthoven/base/bytes.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

namespace einthoven {
namespace {

/// One row of the text from `begin`: where it ends, and its cell in a column as it stands there.
struct RawRow {
  std::size_t end = 0;  ///< behind the newline
  std::string_view cell;
};

RawRow raw_row(std::string_view text, std::size_t begin, std::size_t column) {
  RawRow row;
  std::size_t at = 0, start = begin;
  bool quoted = false;
  std::size_t i = begin;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') quoted = !quoted;
    if (quoted || (c != ',' && c != '\n')) continue;
    if (at == column) row.cell = text.substr(start, i - start);
    ++at;
    start = i + 1;
    if (c == '\n') break;
  }
  if (i == text.size() && at == column) row.cell = text.substr(start);
  row.end = std::min(i + 1, text.size());
  return row;
}

}  // namespace

CsvIndex::CsvIndex(const fs::path& path, std::string_view key_column)
    : file_(path), source_(path.string()), text_(as_text(file_.bytes())) {
  header_ = text_.substr(0, raw_row(text_, 0, 0).end);
  const CsvTable header = parse_csv(header_, source_);
  columns_ = header.columns;
  const std::size_t key = header.column(key_column);
  for (std::size_t at = header_.size(); at < text_.size();) {
    const RawRow row = raw_row(text_, at, key);
    if (const auto number = parse_int(trim(row.cell))) offsets_.emplace(*number, at);
    at = row.end;
  }
}

std::optional<CsvTable> CsvIndex::find(std::int64_t key) const {
  const auto found = offsets_.find(key);
  if (found == offsets_.end()) return std::nullopt;
  const std::size_t end = raw_row(text_, found->second, 0).end;
  std::string text(header_);
  text += text_.substr(found->second, end - found->second);
  return parse_csv(text, source_);
}

void read_csv_in_chunks(
    const fs::path& path,
    const std::function<void(const CsvTable& chunk, std::size_t first_row)>& take) {
  constexpr int kRows = 4096;
  const MappedFile file(path);
  const std::string_view text = as_text(file.bytes());
  const std::string header(text.substr(0, raw_row(text, 0, 0).end));
  std::size_t begin = header.size(), first_row = 0;
  do {
    std::size_t end = begin;
    for (int row = 0; row < kRows && end < text.size(); ++row) end = raw_row(text, end, 0).end;
    const CsvTable chunk = parse_csv(
        header + std::string(text.substr(begin, end - begin)), path.string(), ',',
        [&](std::size_t line, const std::string& problem) {
          throw data_error(fmt::format("{}:{}", path.string(), line + first_row), "row", problem);
        });
    take(chunk, first_row);
    first_row += chunk.rows.size();
    begin = end;
  } while (begin < text.size());
}

}  // namespace einthoven
