#include "einthoven/infer/labels.h"

#include <fmt/core.h>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"

namespace einthoven::infer {

std::vector<std::string> label_names(const fs::path& label_def, std::int64_t count) {
  std::vector<std::string> out;
  if (label_def.empty()) {
    for (std::int64_t i = 0; i < count; ++i) out.push_back(fmt::format("label_{}", i));
    return out;
  }
  const CsvTable table = read_csv(label_def);
  const std::size_t column = table.column("name");
  for (const auto& row : table.rows) out.push_back(row[column]);
  if (static_cast<std::int64_t>(out.size()) != count) {
    throw data_error(label_def.string(), "rows",
                     fmt::format("got {} labels, the model has {} outputs", out.size(), count));
  }
  return out;
}

}  // namespace einthoven::infer
