#include "einthoven/corpus/report_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_set>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/corpus/corpus_files.h"
#include "einthoven/store/index_table.h"
#include "einthoven/store/store.h"

namespace einthoven::corpus {
namespace {

constexpr std::size_t kMostBytes = 100'000;
constexpr std::int64_t kLargestIdx = std::int64_t{1} << 31;

/// Sorts reports into those that can be used and those that cannot.
class Sieve {
 public:
  explicit Sieve(Reports& reports) : reports_(reports) {}

  void reject(std::string place, std::string reason) {
    reports_.rejected.push_back({std::move(place), std::move(reason)});
  }
  void take(std::string_view idx_text, std::string text) {
    const auto idx = parse_int(whole_number(std::string(idx_text)));
    if (!idx || *idx < 0 || *idx > kLargestIdx)
      return reject("idx " + shown_number(idx_text), "idx is no number in range");
    const auto place = fmt::format("idx {}", *idx);
    if (trim(text).empty()) return reject(place, "no text");
    if (text.size() > kMostBytes)
      return reject(
          place, fmt::format("too long (got {} bytes, want at most {})", text.size(), kMostBytes));
    if (!seen_.insert(*idx).second) return reject(place, "repeated idx");
    reports_.accepted.push_back({*idx, std::move(text)});
  }

 private:
  Reports& reports_;
  std::unordered_set<std::int64_t> seen_;
};

std::vector<std::size_t> text_columns(const CsvTable& table,
                                      const std::vector<std::string>& names) {
  std::vector<std::size_t> columns;
  columns.reserve(names.size());
  for (const std::string& name : names) columns.push_back(table.column(name));
  if (!names.empty()) return columns;
  if (const int report = table.find_column("report"); report >= 0)
    return {static_cast<std::size_t>(report)};
  for (int i = 0;; ++i) {
    const int column = table.find_column(fmt::format("report_{}", i));
    if (column < 0) break;
    columns.push_back(static_cast<std::size_t>(column));
  }
  if (columns.empty()) table.column("report");
  return columns;
}

void read_table(const ReportSource& source, Sieve& sieve) {
  const auto bad_row = [&](std::size_t line, const std::string& problem) {
    sieve.reject(fmt::format("line {}", line), problem);
  };
  const CsvTable table = parse_csv(read_file(source.path), source.path.string(), ',', bad_row);
  const auto columns = text_columns(table, source.text_columns);
  const int idx = source.idx_column.empty() ? table.find_column("idx")
                                            : static_cast<int>(table.column(source.idx_column));
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    std::vector<std::string> parts;
    for (const std::size_t column : columns)
      if (!trim(table.rows[r][column]).empty()) parts.push_back(table.rows[r][column]);
    sieve.take(idx < 0 ? std::to_string(r) : table.rows[r][static_cast<std::size_t>(idx)],
               join(parts, "; "));
  }
}

void read_lines(const ReportSource& source, Sieve& sieve) {
  const std::string text = read_file(source.path);
  std::size_t number = 0;
  for (const std::string_view line : split_lines(text))
    sieve.take(std::to_string(number++), std::string(line));
}

/// The field of a store that holds reports.
std::string report_field(const ReportSource& source) {
  if (!source.idx_column.empty())
    throw usage_error(source.path.string() + ": recordings of a store have their own idx");
  if (source.text_columns.size() > 1)
    throw usage_error(source.path.string() + ": one field of a store can be named");
  if (!source.text_columns.empty()) return source.text_columns.front();
  const auto fields = store::index_field_names(source.path);
  for (const char* name : {"report", "machine_report"})
    if (std::ranges::find(fields, name) != fields.end()) return name;
  throw data_error(source.path.string(), "fields",
                   fmt::format("none holds reports (want report or machine_report, or name one; "
                               "has {})",
                               fields.empty() ? "none" : join(fields, ", ")));
}

void read_store(const ReportSource& source, Sieve& sieve) {
  const auto texts = store::read_index_column(source.path, report_field(source));
  for (const auto& record : store::read_index_records(source.path))
    sieve.take(std::to_string(record.idx), texts.at(record.idx));
}

}  // namespace

Reports read_reports(const ReportSource& source) {
  Reports reports;
  Sieve sieve(reports);
  if (store::is_store(source.path)) {
    read_store(source, sieve);
  } else if (source.path.extension() == ".csv") {
    read_table(source, sieve);
  } else {
    if (!source.text_columns.empty() || !source.idx_column.empty())
      throw usage_error(source.path.string() + ": columns can only be named for a .csv");
    read_lines(source, sieve);
  }
  std::sort(reports.accepted.begin(), reports.accepted.end(),
            [](const Report& a, const Report& b) { return a.idx < b.idx; });
  return reports;
}

}  // namespace einthoven::corpus
