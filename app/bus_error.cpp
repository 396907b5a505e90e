// In a signal handler only the functions of signal-safety(7) may be called: no allocation, no
// stdio. The kernel's list of maps tells which file lies at an address.
#include "app/bus_error.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "app/exit_codes.h"

namespace einthoven::app {
namespace {

constexpr char kStart[] = "einthoven: ";
constexpr char kEnd[] = ": cannot be read: it was cut, or its disk failed, while it was mapped\n";

void say(const char* text, std::size_t size) {
  [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, text, size);
}

/// "begin-end perms offset device inode   path": the path, if `address` is in the map.
const char* path_in(const char* line, std::uintptr_t address) {
  char* rest = nullptr;
  const std::uintptr_t begin = std::strtoul(line, &rest, 16);
  if (*rest != '-') return nullptr;
  const std::uintptr_t end = std::strtoul(rest + 1, &rest, 16);
  return address >= begin && address < end ? std::strchr(rest, '/') : nullptr;
}

/// Looks the address up, line by line through a buffer on the stack; lines that do not fit are cut.
bool name_file(std::uintptr_t address) {
  const int maps = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  char line[1024];
  std::size_t size = 0;
  char next = 0;
  while (maps >= 0 && ::read(maps, &next, 1) == 1) {
    if (next != '\n') {
      if (size + 1 < sizeof line) line[size++] = next;
      continue;
    }
    line[size] = '\0';
    size = 0;
    const char* path = path_in(line, address);
    if (path == nullptr) continue;
    say(kStart, sizeof kStart - 1);
    say(path, std::strlen(path));
    say(kEnd, sizeof kEnd - 1);
    return true;
  }
  return false;
}

void on_bus_error(int signal, siginfo_t* info, void*) {
  if (info->si_code == BUS_ADRERR && name_file(reinterpret_cast<std::uintptr_t>(info->si_addr)))
    ::_exit(kExitIo);
  ::signal(signal, SIG_DFL);  // the instruction is run again, and ends the process
}

}  // namespace

void explain_bus_errors() {
  struct sigaction action {};
  action.sa_sigaction = on_bus_error;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGBUS, &action, nullptr);
}

}  // namespace einthoven::app
