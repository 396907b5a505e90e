#include "einthoven/base/progress.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <utility>

#include "einthoven/base/log.h"

namespace einthoven {

std::string format_duration(double seconds) {
  const auto whole = std::llround(seconds);
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

Progress::Progress(std::string label, std::int64_t total)
    : label_(std::move(label)), total_(total), terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() { finish(); }

void Progress::add(std::int64_t count) {
  std::scoped_lock lock(mutex_);
  done_ += count;
  const double since = std::chrono::duration<double>(Clock::now() - drawn_).count();
  if (since > (terminal_ ? 0.1 : 10.0)) draw(false);
}

void Progress::note(std::string text) {
  std::scoped_lock lock(mutex_);
  note_ = std::move(text);
}

void Progress::finish() {
  std::scoped_lock lock(mutex_);
  if (std::exchange(finished_, true)) return;
  draw(true);
}

void Progress::draw(bool last) {
  drawn_ = Clock::now();
  if (!is_logged(LogLevel::info)) return;
  const double elapsed = std::chrono::duration<double>(drawn_ - start_).count();
  const double rate = elapsed > 0 ? static_cast<double>(done_) / elapsed : 0;
  std::string line = fmt::format("{}: {}", label_, done_);
  if (total_ > 0) {
    const double share = static_cast<double>(done_) / static_cast<double>(total_);
    line += fmt::format("/{} {:3.0f} %", total_, 100 * share);
    if (terminal_) {
      const auto filled = static_cast<std::size_t>(24 * (share > 1 ? 1 : share));
      line += " [" + std::string(filled, '=') + std::string(24 - filled, ' ') + "]";
    }
  }
  line += fmt::format(" {:.1f}/s {}", rate, format_duration(elapsed));
  if (!last && total_ > 0 && rate > 0)
    line += " ETA " + format_duration(static_cast<double>(total_ - done_) / rate);
  if (!note_.empty()) line += " (" + note_ + ")";
  if (terminal_)
    fmt::print(stderr, "\r\033[K{}{}", line, last ? "\n" : "");
  else
    fmt::print(stderr, "{}\n", line);
  std::fflush(stderr);
}

}  // namespace einthoven
