// A library for LD_PRELOAD that lets the system calls of a program fail on purpose. Environment:
//   FAULT_KIND   write: calls that need room on a disk (they go on failing, as on a full one);
//                read, open: one call; shrink: the file loses its second half after its size was
//                asked for; clock: the time of day jumps back by an hour
//   FAULT_UNDER  only files whose path begins so
//   FAULT_AT     which call, from 1; 0: none, they are only counted
//   FAULT_ERRNO  the error
//   FAULT_COUNT  a file that gets the number of calls at the end
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

constexpr time_t kJump = 3600;

const char* setting(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool is_kind(const char* kind) {
  static const char* const chosen = setting("FAULT_KIND");
  return std::strcmp(chosen, kind) == 0;
}

std::atomic<long> calls{0};

/// Counts a call; whether it is the one that fails, or (`after` too) a later one.
bool strikes(bool after) {
  static const long at = std::atol(setting("FAULT_AT"));
  static const int error = std::atoi(setting("FAULT_ERRNO"));
  const long call = ++calls;
  const bool fails = at > 0 && (after ? call >= at : call == at);
  if (fails) errno = error;
  return fails;
}

bool concerns(const char* path) {
  static const char* const under = setting("FAULT_UNDER");
  return path != nullptr && std::strncmp(path, under, std::strlen(under)) == 0;
}

bool concerns(int descriptor) {
  char link[64], path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t size = ::readlink(link, path, sizeof path - 1);
  if (size <= 0) return false;
  path[size] = '\0';
  return concerns(path);
}

template <class Where>
bool write_fails(Where where) {
  return is_kind("write") && concerns(where) && strikes(true);
}

template <class Where>
bool read_fails(Where where) {
  return is_kind("read") && concerns(where) && strikes(false);
}

bool open_fails(const char* path, bool creates) {
  if (creates) return ::access(path, F_OK) != 0 && write_fails(path);
  return is_kind("open") && concerns(path) && strikes(false);
}

/// The function that this library stands before.
template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

void shrink(int descriptor) {
  if (!is_kind("shrink") || !concerns(descriptor) || !strikes(false)) return;
  char link[64];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  struct stat info {};
  if (::stat(link, &info) == 0 && S_ISREG(info.st_mode)) ::truncate(link, info.st_size / 2);
}

time_t jump() { return is_kind("clock") && strikes(true) ? kJump : 0; }

struct AtEnd {
  ~AtEnd() {
    const int file = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, setting("FAULT_COUNT"),
                                                O_WRONLY | O_CREAT | O_TRUNC, 0644));
    char text[32];
    const int size = std::snprintf(text, sizeof text, "%ld\n", calls.load());
    if (file >= 0) ::syscall(SYS_write, file, text, size);
  }
} at_end;

}  // namespace

#define FORWARD(name) static const auto real = next<decltype(name)>(#name)

extern "C" {

ssize_t write(int file, const void* data, size_t size) {
  FORWARD(write);
  return write_fails(file) ? -1 : real(file, data, size);
}
ssize_t pwrite64(int file, const void* data, size_t size, off64_t at) {
  FORWARD(pwrite64);
  return write_fails(file) ? -1 : real(file, data, size, at);
}
ssize_t pwrite(int file, const void* data, size_t size, off_t at) {
  return pwrite64(file, data, size, at);
}
ssize_t writev(int file, const iovec* parts, int count) {
  FORWARD(writev);
  return write_fails(file) ? -1 : real(file, parts, count);
}
ssize_t sendfile(int to, int from, off_t* at, size_t size) {
  FORWARD(sendfile);
  return write_fails(to) ? -1 : real(to, from, at, size);
}
ssize_t copy_file_range(int from, off64_t* in, int to, off64_t* out, size_t size, unsigned flags) {
  FORWARD(copy_file_range);
  return write_fails(to) ? -1 : real(from, in, to, out, size, flags);
}
int fsync(int file) {
  FORWARD(fsync);
  return write_fails(file) ? -1 : real(file);
}
int fdatasync(int file) {
  FORWARD(fdatasync);
  return write_fails(file) ? -1 : real(file);
}
int ftruncate(int file, off_t size) {
  FORWARD(ftruncate);
  return write_fails(file) ? -1 : real(file, size);
}
int mkdir(const char* path, mode_t mode) {
  FORWARD(mkdir);
  return ::access(path, F_OK) != 0 && write_fails(path) ? -1 : real(path, mode);
}
size_t fwrite(const void* data, size_t item, size_t count, FILE* file) {
  FORWARD(fwrite);
  return write_fails(::fileno(file)) ? 0 : real(data, item, count, file);
}
int fflush(FILE* file) {
  FORWARD(fflush);
  return file != nullptr && write_fails(::fileno(file)) ? EOF : real(file);
}
int fclose(FILE* file) {
  FORWARD(fclose);
  const bool fails =
      (::fcntl(::fileno(file), F_GETFL) & O_ACCMODE) != O_RDONLY && write_fails(::fileno(file));
  const int error = errno;
  const int done = real(file);
  if (!fails) return done;
  errno = error;
  return EOF;
}

ssize_t read(int file, void* data, size_t size) {
  FORWARD(read);
  return read_fails(file) ? -1 : real(file, data, size);
}
ssize_t pread64(int file, void* data, size_t size, off64_t at) {
  FORWARD(pread64);
  return read_fails(file) ? -1 : real(file, data, size, at);
}
ssize_t pread(int file, void* data, size_t size, off_t at) { return pread64(file, data, size, at); }
size_t fread(void* data, size_t item, size_t count, FILE* file) {
  FORWARD(fread);
  return read_fails(::fileno(file)) ? 0 : real(data, item, count, file);
}

int open64(const char* path, int flags, ...) {
  FORWARD(open64);
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_fails(path, (flags & O_CREAT) != 0) ? -1 : real(path, flags, mode);
}
int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open64(path, flags, mode);
}
FILE* fopen64(const char* path, const char* mode) {
  FORWARD(fopen64);
  return open_fails(path, mode[0] != 'r') ? nullptr : real(path, mode);
}
FILE* fopen(const char* path, const char* mode) { return fopen64(path, mode); }

int fstat(int file, struct stat* info) {
  FORWARD(fstat);
  const int done = real(file, info);
  if (done == 0) shrink(file);
  return done;
}
int fstat64(int file, struct stat64* info) {
  FORWARD(fstat64);
  const int done = real(file, info);
  if (done == 0) shrink(file);
  return done;
}

int clock_gettime(clockid_t clock, timespec* now) {
  FORWARD(clock_gettime);
  const int done = real(clock, now);
  if (done == 0 && clock == CLOCK_REALTIME) now->tv_sec -= jump();
  return done;
}
time_t time(time_t* now) {
  timespec both{};
  clock_gettime(CLOCK_REALTIME, &both);
  if (now != nullptr) *now = both.tv_sec;
  return both.tv_sec;
}

}  // extern "C"
