// From the values of single batches to the statistics of an update or a validation.
#pragma once

#include <vector>

#include "einthoven/task/criterion.h"
#include "einthoven/train/meters.h"

namespace einthoven::train {

/// What remains of a StepResult once its graph is gone.
struct StepLog {
  std::vector<task::LogValue> values;
  double sample_size = 0;
  double signals = 0;  ///< rows of the batch
};

/// The same while the device may still be computing it.
struct PendingLog {
  task::CriterionLog log;
  double sample_size = 0;
  double signals = 0;

  /// Waits for the device.
  StepLog values() const { return {log.values(), sample_size, signals}; }
};

PendingLog pending_log(const task::StepResult& result, const data::Batch& batch);

/// Adds the batches of one update: losses are divided by the sum of sample sizes and by ln 2 and
/// weighted with that sum, other values are averaged, counters added; 3 digits, `nsignals` whole.
void add_step(Meters& meters, const std::vector<StepLog>& batches);

}  // namespace einthoven::train
