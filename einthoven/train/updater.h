// One update of the weights from a group of batches.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "einthoven/model/model.h"
#include "einthoven/task/criterion.h"
#include "einthoven/train/adam.h"
#include "einthoven/train/schedule.h"
#include "einthoven/train/step_log.h"

namespace einthoven::train {

struct UpdateReport {
  std::vector<StepLog> batches;
  double gradient_norm = 0;  ///< before clipping
  double lr = 0;             ///< used by this update
};

/// Every random draw of update u depends only on (seed, u, batch within the group): torch is seeded
/// with seed + u as the reference does, masks draw from their own stream.
class Updater {
 public:
  struct Options {
    std::uint64_t seed = 1;
    double clip_norm = 0;
    at::Device device = at::kCPU;
  };

  Updater(model::Model& model, task::Criterion& criterion, const config::Value& optimizer,
          const Schedule& schedule, const Options& options);

  /// Accumulates the gradients of the group, divides by its total sample size, clips, steps. Data
  /// error that names the first culprit if the gradient is not finite.
  UpdateReport update(const std::vector<data::Batch>& group, std::int64_t epoch);

  std::int64_t updates() const { return updates_; }
  void set_updates(std::int64_t updates) { updates_ = updates; }
  Adam& optimizer() { return optimizer_; }

 private:
  StepLog accumulate(const data::Batch& batch, std::uint64_t index);

  model::Model& model_;
  task::Criterion& criterion_;
  const Schedule& schedule_;
  Options options_;
  Adam optimizer_;
  std::int64_t updates_ = 0;
};

/// The optimizer that `optimizer["_name"]` names, adam or adamw, for all trained parameters.
Adam make_optimizer(model::Model& model, const config::Value& optimizer);

}  // namespace einthoven::train
