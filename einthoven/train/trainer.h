// The training loop: epochs, updates, validation, logs, checkpoints, resuming.
#pragma once

#include <c10/core/Device.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/data/epoch_iterator.h"
#include "einthoven/data/loader.h"
#include "einthoven/distributed/group.h"
#include "einthoven/task/task.h"
#include "einthoven/train/checkpoint_manager.h"
#include "einthoven/train/early_stop.h"
#include "einthoven/train/meters.h"
#include "einthoven/train/progress_state.h"
#include "einthoven/train/stop_rule.h"
#include "einthoven/train/stop_signal.h"
#include "einthoven/train/train_log.h"
#include "einthoven/train/train_result.h"
#include "einthoven/train/updater.h"

namespace einthoven::train {

/// Where a run happens.
struct TrainPlace {
  fs::path save_dir;    ///< checkpoints and config.yaml
  fs::path log_folder;  ///< tables, log.jsonl, tensorboard/
  at::Device device = at::kCPU;
  distributed::Group* processes = nullptr;  ///< of the run; must outlive it
};

/// Trains what a resolved configuration describes, in one or several processes, of which the first
/// writes. A run that was killed at any moment and started
/// again continues from its last checkpoint with the same losses and weights, bit for bit on the
/// CPU, whatever the number of loader workers; with another number of processes (and as many
/// batches an update) up to the rounding of sums.
class Trainer {
 public:
  Trainer(const config::Value& config, const TrainPlace& place);
  TrainResult run();

  /// The effective configuration, with the architecture of a pretrained encoder filled in.
  const config::Value& config() const { return config_; }

 private:
  struct ValidSubset {
    task::Subset subset;
    std::vector<data::BatchIndices> batches;
  };
  using Clock = std::chrono::steady_clock;

  // trainer.cpp
  void train_epoch();
  std::vector<data::Batch> await_group(data::Loader& loader, std::size_t count);
  UpdateReport train_update(const std::vector<data::Batch>& group);
  void after_update(const UpdateReport& report);
  void report_overflow() const;
  void log_inner(const Moment& moment);
  void log_epoch();
  OptimizerOptions optimizer_options() const;
  Updater::Options updater_options() const;
  bool has_ended();
  void end_without_improvement();
  std::int64_t steps_per_epoch() const;
  Moment moment() const;
  double training_seconds() const;
  // trainer_validation.cpp
  void validate_once(std::int64_t updates);
  std::optional<double> validate_all();
  double best_metric_of(const Stats& stats) const;
  // trainer_state.cpp
  void restore();
  void restore_meters(const ProgressState& state);
  void restore_optimizer(const checkpoint::Checkpoint& checkpoint, const config::Value& scaler);
  std::optional<checkpoint::Checkpoint> read_restored(std::string& source);
  void start_updater();
  void save(const std::optional<SaveMoment>& moment);
  checkpoint::Checkpoint snapshot(const Optimizer::Saved& saved) const;
  config::Value history_entry() const;

  config::Value config_;
  TrainPlace place_;
  distributed::Group& processes_;
  RunOptions options_;
  std::unique_ptr<task::Task> task_;
  std::unique_ptr<task::Criterion> criterion_;
  std::shared_ptr<model::Model> model_;
  std::unique_ptr<Schedule> schedule_;
  std::unique_ptr<Updater> updater_;  ///< made when the weights are those that training starts from
  task::Subset train_set_;
  std::vector<ValidSubset> valid_sets_;
  data::EpochIterator iterator_;
  CheckpointManager checkpoints_;
  EarlyStop early_stop_;
  Meters train_meters_;  ///< reset every epoch
  Meters inner_meters_;  ///< reset every log line
  TrainLog log_;
  StopSignals signals_;

  ProgressState former_;              ///< as restored
  config::Value former_history_;      ///< of the checkpoint that the run continues
  std::optional<double> last_value_;  ///< of the validation after the last update, if there was one
  std::optional<double> known_value_;  ///< of the last validation
  std::int64_t validated_updates_ = -1, saved_updates_ = 0;
  std::map<std::string, double> best_of_subset_;
  std::optional<std::string> end_;  ///< why the run ends
  Clock::time_point start_ = Clock::now();
};

}  // namespace einthoven::train
