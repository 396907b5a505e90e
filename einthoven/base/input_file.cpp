#include "einthoven/base/input_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "einthoven/base/error.h"

namespace einthoven {

// A pipe would else be waited for before it can be refused.
InputFile::InputFile(fs::path path)
    : path_(std::move(path)),
      descriptor_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (descriptor_ < 0) throw io_error(path_.string(), "cannot open", errno);
  struct stat info {};
  const bool known = ::fstat(descriptor_, &info) == 0;
  if (known && S_ISREG(info.st_mode)) {
    size_ = static_cast<std::size_t>(info.st_size);
    return;
  }
  const int reason = errno;
  ::close(descriptor_);
  throw known ? io_error(path_.string(), "is not a regular file")
              : io_error(path_.string(), "cannot stat", reason);
}

InputFile::~InputFile() { ::close(descriptor_); }

FileBytes InputFile::read(std::size_t offset, std::size_t count) const {
  if (count > size_)  // before so much is allocated
    throw internal_error(fmt::format("{}: read beyond the end", path_.string()));
  FileBytes content(count);
  read_into(offset, {content.data(), count});
  return content;
}

void InputFile::read_into(std::size_t offset, std::span<std::byte> into) const {
  if (offset > size_ || into.size() > size_ - offset)
    throw internal_error(fmt::format("{}: read beyond the end", path_.string()));
  for (std::size_t done = 0; done < into.size();) {
    const ssize_t got = ::pread(descriptor_, into.data() + done, into.size() - done,
                                static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw io_error(path_.string(), "cannot read", errno);
    if (got == 0)
      throw data_error(path_.string(), "size",
                       fmt::format("became smaller while it was read (got {} bytes, want {})",
                                   offset + done, size_));
    done += static_cast<std::size_t>(got);
  }
}

FileBytes load_file(const fs::path& path, std::size_t max_bytes) {
  const InputFile file(path);
  if (file.size() > max_bytes)
    throw data_error(
        path.string(), "size",
        fmt::format("too large (got {} bytes, want at most {})", file.size(), max_bytes));
  return file.read(0, file.size());
}

}  // namespace einthoven
