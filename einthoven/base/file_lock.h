// One process at a time in a folder.
#pragma once

#include "einthoven/base/file.h"

namespace einthoven {

/// An exclusive flock on a file that names its holder (host and process). The kernel drops the lock
/// when its holder ends, however it ends: a file left by a killed process is no obstacle. On NFS
/// the lock also holds between hosts (Linux 2.6.12 and later); where a file system has no locks, a
/// warning says so and nothing is locked.
class FileLock {
 public:
  /// Makes the folders above `path`. Io error that names the holder if another process has the
  /// lock; `what` is what it guards, as in "another run".
  FileLock(fs::path path, std::string_view what);
  /// Removes the file and drops the lock.
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  fs::path path_;
  int file_ = -1;
};

}  // namespace einthoven
