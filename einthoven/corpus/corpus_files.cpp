#include "einthoven/corpus/corpus_files.h"

#include <fmt/core.h>

#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/base/strings.h"

namespace einthoven::corpus {

fs::path path_inside(const fs::path& root, const std::string& path, const std::string& where) {
  const fs::path normal = fs::path(path).lexically_normal();
  if (path.empty() || normal.is_absolute() || *normal.begin() == "..")
    throw data_error(where, "filename", fmt::format("not a path in the corpus (got \"{}\")", path));
  return root / normal;
}

FieldColumns::FieldColumns(
    const CsvTable& table,
    std::initializer_list<std::pair<std::string_view, std::string_view>> names) {
  for (const auto& [column, field] : names)
    if (const int at = table.find_column(column); at >= 0)
      fields_.emplace_back(static_cast<std::size_t>(at), field);
}

void FieldColumns::add(const std::vector<std::string>& row, store::RecordEntry& entry) const {
  for (const auto& [column, field] : fields_)
    if (!row[column].empty()) entry.fields.emplace_back(field, whole_number(row[column]));
}

std::string whole_number(const std::string& text) {
  const auto value = parse_double(text);
  if (!value || !(*value > -1e15 && *value < 1e15) ||
      *value != static_cast<double>(static_cast<std::int64_t>(*value)))
    return text;
  return std::to_string(static_cast<std::int64_t>(*value));
}

void tell_unlisted(const fs::path& folder, std::string_view extension, std::string_view what,
                   const std::string& table,
                   const std::function<std::int64_t(const fs::path&)>& unlisted_in) {
  std::int64_t unlisted = 0;
  std::error_code unreadable;  // then every row is quarantined
  for (const auto& entry : fs::directory_iterator(folder, unreadable))
    if (entry.path().extension() == extension) unlisted += unlisted_in(entry.path());
  if (unlisted > 0)
    log_warn(fmt::format("{}: {} {} have no row in {} and are left out", folder.string(), unlisted,
                         what, table));
}

}  // namespace einthoven::corpus
