#include "einthoven/base/file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "einthoven/base/error.h"

namespace einthoven {
namespace {

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC)) {
    if (fd_ < 0) throw io_error(path.string(), "cannot open", errno);
  }
  ~Descriptor() { ::close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

/// A pipe would else be waited for before it can be refused.
constexpr int kRead = O_RDONLY | O_NONBLOCK;

std::size_t regular_size(const Descriptor& file, const fs::path& path) {
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) throw io_error(path.string(), "cannot stat", errno);
  if (!S_ISREG(info.st_mode)) throw io_error(path.string(), "is not a regular file");
  return static_cast<std::size_t>(info.st_size);
}

/// As many of `size` bytes as there are; nothing if reading fails (see errno).
std::optional<std::size_t> read_all(int descriptor, char* to, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::read(descriptor, to + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

/// Some remote file systems do not map files: their content in memory of our own, which is given
/// back as a map is. `size` becomes what was there. MAP_FAILED with errno if that fails, too.
void* read_instead(int descriptor, std::size_t& size) {
  const std::size_t room = size;
  void* data = ::mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) return data;
  const auto got = read_all(descriptor, static_cast<char*>(data), room);
  if (!got || *got == 0) {
    ::munmap(data, room);
    size = 0;
    return got ? nullptr : MAP_FAILED;
  }
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t kept = (*got + page - 1) / page * page;
  if (kept < room) ::munmap(static_cast<char*>(data) + kept, room - kept);
  size = *got;
  return data;
}

/// Behind links, so that they stay.
fs::path target_of(fs::path path) {
  std::error_code missing;
  if (!fs::is_symlink(path, missing)) return path;
  const fs::path target = fs::canonical(path, missing);
  return missing ? path : target;
}

/// A pipe, a terminal, /dev/null: written to, never replaced.
bool is_special(const fs::path& path) {
  std::error_code missing;
  return fs::is_other(path, missing);
}

}  // namespace

std::string read_file(const fs::path& path, std::size_t max_bytes) {
  Descriptor file(path, kRead);
  const std::size_t size = regular_size(file, path);
  if (size > max_bytes)
    throw data_error(path.string(), "size",
                     fmt::format("too large (got {} bytes, want at most {})", size, max_bytes));
  std::string content(size, '\0');
  const auto got = read_all(file.get(), content.data(), size);
  if (!got) throw io_error(path.string(), "cannot read", errno);
  content.resize(*got);
  return content;
}

void write_file_atomically(const fs::path& path, std::string_view content, Sync sync) {
  AtomicFile file(path);
  file.write(content);
  file.commit(sync);
}

void sync_file_system(const fs::path& folder) {
  Descriptor descriptor(folder, O_RDONLY | O_DIRECTORY);
  if (::syncfs(descriptor.get()) != 0) throw io_error(folder.string(), "cannot sync", errno);
}

MappedFile::MappedFile(const fs::path& path, MapMode mode) {
  Descriptor file(path, kRead);
  size_ = regular_size(file, path);
  if (size_ == 0) return;
  const bool copy = mode == MapMode::private_copy;
  data_ = ::mmap(nullptr, size_, copy ? PROT_READ | PROT_WRITE : PROT_READ,
                 copy ? MAP_PRIVATE | MAP_NORESERVE : MAP_SHARED, file.get(), 0);
  if (data_ != MAP_FAILED) return;
  if (errno == ENODEV || errno == EINVAL || errno == EOPNOTSUPP)
    data_ = read_instead(file.get(), size_);
  if (data_ != MAP_FAILED) return;
  data_ = nullptr;
  throw io_error(path.string(), "cannot map", errno);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

AtomicFile::AtomicFile(fs::path path, std::size_t buffer) : path_(target_of(std::move(path))) {
  temporary_ = path_;
  if (!is_special(path_)) temporary_ += fmt::format(".tmp.{}", ::getpid());
  file_ = std::fopen(temporary_.c_str(), "wb");
  if (file_ == nullptr) throw io_error(path_.string(), "cannot create", errno);
  if (buffer > 0) {
    buffer_ = std::make_unique_for_overwrite<char[]>(buffer);
    std::setvbuf(file_, buffer_.get(), _IOFBF, buffer);
  }
  ::flock(::fileno(file_), LOCK_EX | LOCK_NB);  // tells remove_leftovers() that we live
}

AtomicFile::~AtomicFile() {
  if (file_ == nullptr) return;
  std::fclose(file_);
  std::error_code ignored;
  if (temporary_ != path_) fs::remove(temporary_, ignored);
}

void AtomicFile::write(Bytes bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size())
    throw io_error(path_.string(), "cannot write", errno);
}

void AtomicFile::seek(std::uint64_t offset) {
  if (::fseeko(file_, static_cast<off_t>(offset), SEEK_SET) != 0)
    throw io_error(path_.string(), "cannot seek", errno);
}

std::uint64_t AtomicFile::tell() const { return static_cast<std::uint64_t>(::ftello(file_)); }

void AtomicFile::commit(Sync sync) {
  const bool renames = temporary_ != path_;
  const bool now = sync == Sync::now && renames;
  if (std::fflush(file_) != 0 || (now && ::fsync(::fileno(file_)) != 0))
    throw io_error(path_.string(), "cannot write", errno);
  std::error_code error;
  if (std::fclose(std::exchange(file_, nullptr)) != 0)
    error = std::error_code(errno, std::generic_category());
  else if (renames)
    fs::rename(temporary_, path_, error);
  if (error) {
    std::error_code ignored;
    if (renames) fs::remove(temporary_, ignored);
    throw io_error(path_.string(), "cannot write: " + error.message());
  }
  if (now) sync_folder(path_.parent_path());
}

void sync_file(const fs::path& file) {
  Descriptor descriptor(file, O_RDONLY);
  if (::fsync(descriptor.get()) != 0) throw io_error(file.string(), "cannot sync", errno);
}

void copy_file_synced(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  if (error) throw io_error(to.string(), "cannot copy: " + error.message());
  sync_file(to);
}

void sync_folder(const fs::path& folder) {
  Descriptor descriptor(folder.empty() ? fs::path(".") : folder, O_RDONLY | O_DIRECTORY);
  if (::fsync(descriptor.get()) != 0 && errno != EINVAL)
    throw io_error(folder.string(), "cannot sync", errno);
}

}  // namespace einthoven
