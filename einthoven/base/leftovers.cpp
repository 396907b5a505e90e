#include "einthoven/base/leftovers.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <vector>

#include "einthoven/base/strings.h"

namespace einthoven {
namespace {

/// The process in the name of NAME.tmp.PID; 0 for other files.
std::int64_t writer_of(std::string_view file, std::string_view name) {
  constexpr std::string_view kMark = ".tmp.";
  if (!file.starts_with(name)) return 0;
  file.remove_prefix(name.size());
  if (!file.starts_with(kMark)) return 0;
  return parse_int(file.substr(kMark.size())).value_or(0);
}

bool is_dead(std::int64_t process) {
  return process > 0 && process <= std::numeric_limits<pid_t>::max() &&
         ::kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH;
}

bool is_unlocked(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) return false;
  const bool free = ::flock(file, LOCK_EX | LOCK_NB) == 0;
  ::close(file);
  return free;
}

}  // namespace

void remove_leftovers(const fs::path& folder, std::initializer_list<std::string_view> names) {
  std::error_code error;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string file = entry.path().filename().string();
    if (std::ranges::any_of(names, [&](auto name) { return is_dead(writer_of(file, name)); }))
      found.push_back(entry.path());
  }
  for (const fs::path& path : found)
    if (is_unlocked(path)) fs::remove(path, error);
}

}  // namespace einthoven
