// One pass over a validation subset.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "einthoven/data/loader.h"
#include "einthoven/distributed/group.h"
#include "einthoven/task/task.h"
#include "einthoven/train/meters.h"
#include "einthoven/train/precision.h"

namespace einthoven::train {

struct ValidationOptions {
  std::uint64_t seed = 1;  ///< of masks, negatives and crops in this pass
  std::optional<std::int64_t> max_steps;
  data::LoaderOptions loader;
  at::Device device = at::kCPU;
  Precision precision = Precision::full;
  distributed::Group* processes = nullptr;  ///< which share the batches; none: one process
};

/// The statistics of `subset` in eval mode, in the fixed order of `batches`: what the criterion
/// logs, f1 where there are precision and recall, and auroc and auprc over all scores flattened
/// (micro-averaged, as the reference reports them; NaN where undefined). The same bits for any
/// number of processes; collective.
Stats validate(task::Task& task, model::Model& model, task::Criterion& criterion,
               const task::Subset& subset, const std::vector<data::BatchIndices>& batches,
               const ValidationOptions& options);

}  // namespace einthoven::train
