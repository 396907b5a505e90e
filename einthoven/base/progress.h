// A progress bar with ETA on a terminal, plain lines in a log.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace einthoven {

/// Counts finished items of a long job; thread-safe. Prints to stderr: on a terminal one line that
/// is redrawn at most ten times a second, else a line every ten seconds. Silent where
/// messages of LogLevel::info are.
class Progress {
 public:
  /// `total` 0: unknown, no ETA.
  Progress(std::string label, std::int64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void add(std::int64_t count = 1);
  /// A few words shown behind the bar, e.g. "3 quarantined".
  void note(std::string text);
  /// Draws the last state and ends the line.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  void draw(bool last);

  std::mutex mutex_;
  std::string label_;
  std::string note_;
  std::int64_t total_;
  std::int64_t done_ = 0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point drawn_ = start_;
  bool terminal_;
  bool finished_ = false;
};

/// "1:02:03" or "2:03".
std::string format_duration(double seconds);

}  // namespace einthoven
