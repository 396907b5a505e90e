// SIGTERM and SIGUSR1 (Slurm's requeue) ask a run to save and end.
#pragma once

#include <array>
#include <csignal>

namespace einthoven::train {

/// While it lives, the two signals only set a flag; the former handlers come back afterwards.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// A signal has arrived since construction.
  bool requested() const;

 private:
  static constexpr std::array<int, 2> kSignals = {SIGTERM, SIGUSR1};
  std::array<struct sigaction, kSignals.size()> former_{};
};

}  // namespace einthoven::train
