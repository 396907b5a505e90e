// A task binds data to a criterion: which datasets a subset is, and what its validation measures.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "einthoven/config/schema.h"
#include "einthoven/model/model.h"
#include "einthoven/task/criterion.h"
#include "einthoven/task/subset.h"

namespace einthoven::task {

class Task {
 public:
  virtual ~Task() = default;

  /// The manifest or split `name`; augmented if "train" is part of the name.
  virtual Subset load(const std::string& name) const = 0;
  /// Called before each pass over a validation subset, with the model in eval mode.
  virtual void begin_validation(model::Model& /*model*/, const std::string& /*subset*/,
                                at::Device /*device*/) {}
  /// One validation batch; by default the criterion itself.
  virtual StepResult validate(Criterion& criterion, model::Model& model, const data::Batch& batch,
                              const StepContext& context) {
    return criterion(model, batch, context);
  }
};

/// Builds what `config["task"]["_name"]` names from a resolved configuration.
std::unique_ptr<Task> build_task(const config::Value& config);

/// Task name -> its options (see model::model_schemas).
std::vector<std::pair<std::string, config::Describe>> task_schemas();

}  // namespace einthoven::task
