#include "einthoven/train/checkpoint_link.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>

#include "einthoven/base/error.h"

namespace einthoven::train {
namespace {

void link_or_copy(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::create_hard_link(from, to, failed);
  if (failed) fs::copy_file(from, to, fs::copy_options::overwrite_existing);
}

/// Puts `fresh` in the place of `target`; a reader sees the old one or the new one.
void replace(const fs::path& fresh, const fs::path& target) {
  if (::rename(fresh.c_str(), target.c_str()) == 0) return;
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) != 0) {
    // File systems without exchange: a moment without the target, never a torn one.
    fs::remove_all(target);
    if (::rename(fresh.c_str(), target.c_str()) != 0)
      throw io_error(target.string(), "cannot replace", errno);
    return;
  }
  fs::remove_all(fresh);
}

}  // namespace

void link_checkpoint(const fs::path& from, const fs::path& to) {
  const fs::path fresh = to.string() + ".tmp." + std::to_string(::getpid());
  try {
    fs::remove_all(fresh);
    if (fs::is_directory(from)) {
      fs::create_directories(fresh);
      for (const auto& entry : fs::directory_iterator(from))
        link_or_copy(entry.path(), fresh / entry.path().filename());
      sync_folder(fresh);
    } else {
      link_or_copy(from, fresh);
    }
    replace(fresh, to);
    sync_folder(to.parent_path().empty() ? fs::path(".") : to.parent_path());
  } catch (const fs::filesystem_error& error) {
    throw io_error(to.string(), error.code().message());
  }
}

}  // namespace einthoven::train
