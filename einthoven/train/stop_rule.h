// When a run validates, saves and ends (section "validate_and_save" of the reference).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "einthoven/train/run_options.h"

namespace einthoven::train {

/// A point after an update.
struct Moment {
  std::int64_t epoch = 1;
  std::int64_t updates = 0;
  bool end_of_epoch = false;
  bool skipped = false;  ///< the update has changed nothing (overflow in half precision)
  double training_seconds = 0;
};

/// Why the run must end now by max_update or stop_time_hours, or nothing.
std::optional<std::string> stop_reason(const RunOptions& options, const Moment& moment);

bool save_due(const RunOptions& options, const Moment& moment, bool stopping);
bool validation_due(const RunOptions& options, const Moment& moment, bool stopping);

/// Updates left by max_update and max_epoch, if either is set; `steps` is an epoch's length.
std::optional<std::int64_t> updates_left(const RunOptions& options, const Moment& moment,
                                         std::int64_t step, std::int64_t steps);

}  // namespace einthoven::train
