// Self-supervised pretraining on unlabelled ECGs.
#pragma once

#include "einthoven/task/ecg_options.h"
#include "einthoven/task/task.h"

namespace einthoven::task {

/// The form of the data follows the objective: pairs of segments for CMSC, two views for 3KG and
/// SimCLR, else single segments.
class PretrainingTask : public Task {
 public:
  PretrainingTask(PretrainingOptions options, std::uint64_t seed)
      : options_(std::move(options)), seed_(seed) {}
  Subset load(const std::string& name) const override;

 private:
  PretrainingOptions options_;
  std::uint64_t seed_;
};

}  // namespace einthoven::task
