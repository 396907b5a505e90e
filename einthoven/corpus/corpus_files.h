// Files of a corpus on disk, and cells of its tables.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "einthoven/base/csv.h"
#include "einthoven/store/writer.h"

namespace einthoven::corpus {

/// A path of a table, which must not lead out of the corpus; data error naming `where`.
fs::path path_inside(const fs::path& root, const std::string& path, const std::string& where);

/// Columns of a table that become fields of its recordings; those that it lacks are left out.
class FieldColumns {
 public:
  /// `names`: pairs of a column and the field that it becomes.
  FieldColumns(const CsvTable& table,
               std::initializer_list<std::pair<std::string_view, std::string_view>> names);
  /// Adds the cells of one row that are not empty; whole numbers lose ".0".
  void add(const std::vector<std::string>& row, store::RecordEntry& entry) const;

 private:
  std::vector<std::pair<std::size_t, std::string>> fields_;
};

/// "15709.0" -> "15709"; other texts stay as they are.
std::string whole_number(const std::string& text);

/// Warns of recordings in files of a folder that a table does not name: what `unlisted_in` counts
/// in each file with the extension. `what` they are: "exams".
void tell_unlisted(const fs::path& folder, std::string_view extension, std::string_view what,
                   const std::string& table,
                   const std::function<std::int64_t(const fs::path&)>& unlisted_in);

}  // namespace einthoven::corpus
