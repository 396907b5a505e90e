// Supervised classification of ECGs (diagnosis).
#pragma once

#include "einthoven/task/ecg_options.h"
#include "einthoven/task/task.h"

namespace einthoven::task {

class ClassificationTask : public Task {
 public:
  ClassificationTask(ClassificationOptions options, std::uint64_t seed)
      : options_(std::move(options)), seed_(seed) {}
  /// Config error for the keys of the ECG-QA grounding data, which this task does not read.
  Subset load(const std::string& name) const override;

 private:
  ClassificationOptions options_;
  std::uint64_t seed_;
};

}  // namespace einthoven::task
