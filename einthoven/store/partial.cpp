#include "einthoven/store/partial.h"

#include <fmt/core.h>

#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/store/database.h"
#include "einthoven/store/schema.h"

namespace einthoven::store {

fs::path partial_path(fs::path folder) { return folder += ".partial"; }

fs::path lock_path(fs::path folder) { return folder += ".lock"; }

void remove_partial(const fs::path& partial) {
  if (!fs::exists(partial)) return;
  const bool ours = fs::exists(partial / kWorkingIndex) || fs::exists(partial / kIndexFile);
  if (!ours && !fs::is_empty(partial))
    throw usage_error(
        fmt::format("{}: is in the way and not a store in the making", partial.string()));
  std::vector<fs::path> others;
  for (const auto& entry : fs::directory_iterator(partial))
    if (entry.path().filename() != kWorkingIndex && entry.path().filename() != kIndexFile)
      others.push_back(entry.path());
  for (const fs::path& path : others) fs::remove_all(path);
  fs::remove_all(partial);  // the index last: by it a run killed in here is known as ours
}

void write_compact_index(Database& index, const fs::path& file) {
  fs::remove(file);
  Statement copy = index.prepare("VACUUM INTO ?");
  copy.bind(file.string()).run();
  Database(file, Database::Mode::create).execute(kSearchIndexes);
  sync_file(file);  // which VACUUM INTO does not
}

void rename_over(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) throw io_error(to.string(), "cannot rename: " + error.message());
  sync_folder(fs::absolute(to).parent_path());
}

}  // namespace einthoven::store
