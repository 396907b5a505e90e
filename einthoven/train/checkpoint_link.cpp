#include "einthoven/train/checkpoint_link.h"

#include <unistd.h>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/atomic_folder.h"

namespace einthoven::train {
namespace {

void link_or_copy(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::create_hard_link(from, to, failed);
  if (failed) copy_file_synced(from, to);
}

void link_folder(const fs::path& from, const fs::path& to) {
  checkpoint::AtomicFolder fresh(to);
  for (const auto& entry : fs::directory_iterator(from))
    link_or_copy(entry.path(), fresh.path() / entry.path().filename());
  fresh.commit();
}

void link_file(const fs::path& from, const fs::path& to) {
  const fs::path fresh = to.string() + ".tmp." + std::to_string(::getpid());
  fs::remove(fresh);
  link_or_copy(from, fresh);
  fs::rename(fresh, to);
  sync_folder(to.parent_path());
}

}  // namespace

void link_checkpoint(const fs::path& from, const fs::path& to) {
  try {
    fs::is_directory(from) ? link_folder(from, to) : link_file(from, to);
  } catch (const fs::filesystem_error& error) {
    throw io_error(to.string(), error.code().message());
  }
}

}  // namespace einthoven::train
