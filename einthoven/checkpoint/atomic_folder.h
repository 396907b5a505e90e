// A folder that appears complete or not at all.
#pragma once

#include "einthoven/base/file.h"

namespace einthoven::checkpoint {

/// Files are written to `path()`; `commit()` syncs it and puts it in the place of the target in one
/// step (the target stays until then). Without a commit the destructor removes it.
class AtomicFolder {
 public:
  explicit AtomicFolder(fs::path target);
  ~AtomicFolder();
  AtomicFolder(const AtomicFolder&) = delete;
  AtomicFolder& operator=(const AtomicFolder&) = delete;

  const fs::path& path() const { return temporary_; }
  void commit();

 private:
  fs::path target_;
  fs::path temporary_;
};

/// Clears up behind killed processes: of the entries of `parent` whose names start with `prefix`,
/// X.tmp.PID is removed, and X.old.PID takes its place again if X is missing (a process killed in
/// commit() on a file system that cannot exchange folders). Only for the one writer of `parent`.
void tidy_after_kill(const fs::path& parent, std::string_view prefix);

/// Identity of a folder on its disk: it changes when another one takes its place.
std::uint64_t folder_identity(const fs::path& folder);

}  // namespace einthoven::checkpoint
