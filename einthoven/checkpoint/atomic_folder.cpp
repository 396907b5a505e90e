#include "einthoven/checkpoint/atomic_folder.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <regex>
#include <vector>

#include "einthoven/base/error.h"

namespace einthoven::checkpoint {
namespace {

/// Two folders change places in one step. False where the file system cannot do that.
bool exchange(const fs::path& a, const fs::path& b) {
  if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) return true;
  if (errno == EINVAL || errno == ENOSYS || errno == ENOTSUP) return false;
  throw io_error(b.string(), "cannot replace folder", errno);
}

void move(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) throw io_error(to.string(), "cannot rename: " + error.message());
}

}  // namespace

AtomicFolder::AtomicFolder(fs::path target) : target_(std::move(target)) {
  if (!target_.has_filename()) target_ = target_.parent_path();  // "NAME/"
  if (fs::exists(target_) && !fs::is_directory(target_))
    throw io_error(target_.string(), "exists and is not a folder");
  temporary_ = target_;
  temporary_ += fmt::format(".tmp.{}", ::getpid());
  std::error_code error;
  fs::remove_all(temporary_, error);
  fs::create_directories(temporary_, error);
  if (error) throw io_error(temporary_.string(), "cannot create folder: " + error.message());
}

AtomicFolder::~AtomicFolder() {
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
}

void AtomicFolder::commit() {
  sync_folder(temporary_);
  if (!fs::exists(target_)) {
    move(temporary_, target_);
  } else if (!exchange(temporary_, target_)) {
    fs::path old = target_;
    old += fmt::format(".old.{}", ::getpid());
    move(target_, old);
    move(temporary_, target_);
    temporary_ = old;
  }
  sync_folder(target_.parent_path());
}

void tidy_after_kill(const fs::path& parent, std::string_view prefix) {
  static const std::regex left_over(R"((.+)\.(tmp|old)\.\d+)");
  if (!fs::is_directory(parent)) return;
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(parent)) entries.push_back(entry.path());
  for (const fs::path& entry : entries) {
    const std::string name = entry.filename().string();
    std::smatch match;
    if (!name.starts_with(prefix) || !std::regex_match(name, match, left_over)) continue;
    const fs::path target = parent / match[1].str();
    std::error_code error;
    if (match[2] == "old" && !fs::exists(target))
      fs::rename(entry, target, error);
    else
      fs::remove_all(entry, error);
    if (error) throw io_error(entry.string(), "cannot clear up: " + error.message());
  }
}

std::uint64_t folder_identity(const fs::path& folder) {
  struct stat info {};
  return ::stat(folder.c_str(), &info) == 0 ? static_cast<std::uint64_t>(info.st_ino) : 0;
}

}  // namespace einthoven::checkpoint
