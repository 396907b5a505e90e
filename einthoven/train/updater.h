// One update of the weights from a group of batches.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "einthoven/distributed/group.h"
#include "einthoven/model/model.h"
#include "einthoven/task/criterion.h"
#include "einthoven/train/optimizer.h"
#include "einthoven/train/schedule.h"
#include "einthoven/train/step_log.h"

namespace einthoven::train {

struct UpdateReport {
  std::vector<StepLog> batches;  ///< of all processes
  double gradient_norm = 0;      ///< before clipping
  bool skipped = false;          ///< half precision: the gradients overflowed, nothing has changed
  double lr = 0;                 ///< used by this update
};

/// Every random draw of update u depends only on (seed, u, number of the batch within the update):
/// torch is seeded with seed + u for the first batch as the reference does, the others and all
/// masks draw from streams of their own. Batch j of process r is number j * processes + r: an
/// update of W processes is that of one process with W times the update_freq.
class Updater {
 public:
  struct Options {
    std::uint64_t seed = 1;
    double clip_norm = 0;
    at::Device device = at::kCPU;
    OptimizerOptions optimizer = {};
    distributed::Travel travel = {};             ///< of gradients
    bool broadcast_buffers = false;              ///< those of the first process, before each update
    bool convert_before_copying = false;         ///< half: signals, before they go to the device
    std::function<data::Batch()> stand_in = {};  ///< any batch that is not empty
    std::function<void()> before_step = [] {};   ///< before weights and moments change
  };

  /// The float32 weights of the model must be the same in all processes. In half precision the
  /// model is converted.
  Updater(model::Model& model, task::Criterion& criterion, const config::Value& optimizer,
          const Schedule& schedule, distributed::Group& processes, const Options& options);

  /// Accumulates the gradients of the batches of all processes, divides by their total sample size,
  /// clips, steps. `full`: no process has an empty batch at the end of `group`. Data error that
  /// names the first culprit if the gradient is not finite (half precision: at the smallest loss
  /// scale).
  UpdateReport update(const std::vector<data::Batch>& group, std::int64_t epoch, bool full = true);

  std::int64_t updates() const { return updates_; }
  void set_updates(std::int64_t updates) { updates_ = updates; }
  Optimizer& optimizer() { return optimizer_; }

 private:
  /// The log is asked for when all of the update was given to the device.
  PendingLog accumulate(const data::Batch& batch, std::uint64_t index, bool last);
  data::Batch on_device(data::Batch batch) const;
  void refuse_overflow(const std::vector<data::Batch>& group) const;

  model::Model& model_;
  task::Criterion& criterion_;
  const Schedule& schedule_;
  distributed::Group& processes_;
  Options options_;
  Optimizer optimizer_;
  std::unique_ptr<distributed::GradientSum> sum_;
  std::int64_t updates_ = 0;
};

}  // namespace einthoven::train
