// How far a run has come, besides weights and optimizer: what extra_state of a checkpoint holds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "einthoven/config/value.h"
#include "einthoven/data/epoch_iterator.h"

namespace einthoven::train {

struct ProgressState {
  std::int64_t updates = 0;
  double training_seconds = 0;
  data::IteratorState iterator;
  std::optional<double> last_value;  ///< of best_checkpoint_metric at the last validation
  std::optional<double> best;
  std::map<std::string, double> best_of_subset;
  config::Value early_stop;   ///< EarlyStop::state()
  config::Value loss_scaler;  ///< LossScaler::state(), in half precision
  config::Value train;        ///< Meters::state() of the epoch
  config::Value train_inner;  ///< Meters::state() since the last line
};

/// The keys of the reference (metrics, previous_training_time, train_iterator, val_loss, best) and
/// ours under `einthoven`.
config::Value extra_state(const ProgressState& state);

/// Reads what either system wrote; absent parts keep their defaults. Checkpoint error on a value of
/// the wrong type. `history` is optimizer_history, whose last entry holds the number of updates.
ProgressState progress_state(const config::Value& extra, const config::Value& history);

}  // namespace einthoven::train
