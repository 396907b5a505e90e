#include "einthoven/store/split_file.h"

#include <fmt/core.h>

#include <unordered_map>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

namespace einthoven::store {
namespace {

/// "4.0" -> "4": the reference's tables hold whole numbers as floats after some joins.
std::string idx_key(const std::string& cell) {
  const auto number = parse_double(cell);
  return number ? std::to_string(static_cast<std::int64_t>(*number)) : cell;
}

/// "a/b.mat" -> "a/b"; dots in the names of recordings stay.
std::string without_mat(const std::string& name) {
  return name.ends_with(".mat") ? name.substr(0, name.size() - 4) : name;
}

}  // namespace

void apply_split_file(const fs::path& path, ManifestSource& source) {
  const CsvTable table = read_csv(path);
  const std::size_t split = table.column("split");
  const int file = table.find_column("save_file");
  const std::size_t key = file >= 0 ? static_cast<std::size_t>(file) : table.column("idx");
  std::unordered_map<std::string, std::string> splits;
  for (const auto& row : table.rows) {
    const auto [at, is_new] =
        splits.emplace(file >= 0 ? without_mat(row[key]) : idx_key(row[key]), row[split]);
    if (!is_new && at->second != row[split])
      throw data_error(path.string(), table.columns[key],
                       fmt::format("{} is in {} and in {}", row[key], at->second, row[split]));
  }
  std::size_t matched = 0;
  for (ManifestRecord& record : source.records) {
    const auto found = splits.find(file >= 0 ? record.name : std::to_string(record.idx));
    record.fold = found == splits.end() ? "" : found->second;
    matched += found != splits.end();
  }
  if (matched == 0)
    throw data_error(path.string(), table.columns[key],
                     fmt::format("none of the {} recordings is in the table ({} rows)",
                                 source.records.size(), table.rows.size()));
}

}  // namespace einthoven::store
