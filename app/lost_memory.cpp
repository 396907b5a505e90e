#include "app/lost_memory.h"

#include <execinfo.h>
#include <unistd.h>

#include <exception>
#include <new>
#include <string_view>

#include "app/exit_codes.h"

namespace einthoven::app {
namespace {

constexpr std::string_view kLine =
    "einthoven: out of memory in the middle of something: unfinished files may be left\n";

std::terminate_handler other_reasons = nullptr;

[[noreturn]] void on_terminate() {
  try {
    if (const auto reason = std::current_exception()) std::rethrow_exception(reason);
  } catch (const std::bad_alloc&) {
    [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, kLine.data(), kLine.size());
    ::_exit(kExitIo);
  } catch (...) {
  }
  other_reasons();
  __builtin_unreachable();
}

}  // namespace

void explain_lost_memory() {
  other_reasons = std::set_terminate(on_terminate);
  // glibc loads what it needs to unwind its own frames (pthread_once) on first use, with memory.
  void* frame = nullptr;
  ::backtrace(&frame, 1);
}

}  // namespace einthoven::app
