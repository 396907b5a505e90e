#include "einthoven/base/launch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "einthoven/base/error.h"

namespace einthoven {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kGrace{30};
constexpr useconds_t kPollMicroseconds = 50'000;
constexpr int kPassedOn[] = {SIGTERM, SIGINT, SIGUSR1};

int free_port() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool known = listener >= 0 && ::bind(listener, generic, length) == 0 &&
                     ::getsockname(listener, generic, &length) == 0;
  const int why = errno;
  if (listener >= 0) ::close(listener);
  if (!known) throw io_error("launch", "cannot find a free port", why);
  return ntohs(address.sin_port);
}

pid_t start(const LaunchOptions& options, int rank, int port, const sigset_t& former) {
  std::vector<char*> arguments;
  for (const std::string& argument : options.command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw io_error(options.command[0], "cannot start a process", errno);
  if (child > 0) return child;
  const auto set = [](const char* name, const std::string& value) {
    ::setenv(name, value.c_str(), 1);
  };
  for (const char* name : {"RANK", "LOCAL_RANK"}) set(name, std::to_string(rank));
  for (const char* name : {"WORLD_SIZE", "LOCAL_WORLD_SIZE"})
    set(name, std::to_string(options.processes));
  set("MASTER_ADDR", options.address);
  set("MASTER_PORT", std::to_string(port));
  ::sigprocmask(SIG_SETMASK, &former, nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

int exit_code(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void send(const std::vector<pid_t>& children, int signal) {
  for (const pid_t child : children) ::kill(child, signal);
}

/// A blocked signal that has arrived since, or 0.
int arrived(const sigset_t& signals) {
  const timespec at_once{};
  const int signal = ::sigtimedwait(&signals, nullptr, &at_once);
  return signal > 0 ? signal : 0;
}

}  // namespace

int launch(const LaunchOptions& options) {
  const int port = options.port > 0 ? options.port : free_port();
  sigset_t signals, former;
  ::sigemptyset(&signals);
  for (const int signal : kPassedOn) ::sigaddset(&signals, signal);
  ::sigprocmask(SIG_BLOCK, &signals, &former);
  std::vector<pid_t> children;
  children.reserve(static_cast<std::size_t>(options.processes));
  for (int rank = 0; rank < options.processes; ++rank)
    children.push_back(start(options, rank, port, former));
  int result = 0;
  Clock::time_point end = Clock::time_point::max();
  while (!children.empty()) {
    if (const int signal = arrived(signals)) send(children, signal);
    int status = 0;
    const pid_t ended = ::waitpid(-1, &status, WNOHANG);
    if (ended > 0) {
      std::erase(children, ended);
      if (result == 0 && exit_code(status) != 0) {
        result = exit_code(status);
        end = Clock::now() + kGrace;
      }
    } else {
      if (Clock::now() > end) send(children, SIGKILL);
      ::usleep(kPollMicroseconds);
    }
  }
  ::sigprocmask(SIG_SETMASK, &former, nullptr);
  return result;
}

}  // namespace einthoven
