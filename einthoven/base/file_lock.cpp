#include "einthoven/base/file_lock.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/base/parent_folder.h"
#include "einthoven/base/strings.h"

namespace einthoven {
namespace {

std::string this_process() {
  std::array<char, 256> host{};
  const bool named = ::gethostname(host.data(), host.size() - 1) == 0;
  return fmt::format("process {} on {}", ::getpid(), named ? host.data() : "this host");
}

std::string holder(int file) {
  std::array<char, 400> text{};
  const ssize_t length = ::pread(file, text.data(), text.size(), 0);
  const std::string_view found(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return std::string(trim(found));
}

/// False if the holder before us has removed the file since it was opened.
bool still_named(int file, const fs::path& path) {
  struct stat opened {
  }, named{};
  return ::fstat(file, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

int open_locked(const fs::path& path, std::string_view what) {
  make_parent_folder(path);
  // For writing: NFS turns an exclusive flock into a lock that needs it.
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) throw io_error(path.string(), "cannot create the lock", errno);
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  const int why = errno;
  const std::string name = holder(file);
  ::close(file);
  if (why == EWOULDBLOCK)
    throw Error(ErrorKind::io, fmt::format("{}: {} is at work here ({})", path.string(), what,
                                           name.empty() ? "of unknown name" : name));
  log_warn(
      fmt::format("{}: this file system has no locks; nothing keeps {} away", path.string(), what));
  return -1;
}

}  // namespace

FileLock::FileLock(fs::path path, std::string_view what) : path_(std::move(path)) {
  do {
    if (file_ >= 0) ::close(file_);
    file_ = open_locked(path_, what);
  } while (file_ >= 0 && !still_named(file_, path_));
  if (file_ < 0) return;
  const std::string text = this_process() + "\n";
  const bool written =
      ::ftruncate(file_, 0) == 0 && ::pwrite(file_, text.data(), text.size(), 0) >= 0;
  if (!written) log_warn(fmt::format("{}: cannot write the holder's name", path_.string()));
}

FileLock::~FileLock() {
  if (file_ < 0) return;
  ::unlink(path_.c_str());
  ::close(file_);
}

}  // namespace einthoven
