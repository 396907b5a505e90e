// What the processes of a run tell each other about an update or a validation.
#pragma once

#include <cstdint>
#include <vector>

#include "einthoven/distributed/group.h"
#include "einthoven/train/step_log.h"

namespace einthoven::train {

/// The logs of all processes in the order of the batches: first those of the first batch of each
/// process, by rank, then of the second, ... An empty batch has a log without values, which is left
/// out. So sums are added in the same order for any number of processes.
std::vector<StepLog> all_logs(distributed::Group& group, const std::vector<StepLog>& mine);

/// What decides about the end of a run, the same for all processes.
struct Agreement {
  double seconds = 0;     ///< training time, of the first process
  bool signaled = false;  ///< some process was asked to stop
};

Agreement agree(distributed::Group& group, const Agreement& mine);

/// Rows of several batches; the floats of batch i at [begin[i], begin[i + 1]).
struct BatchRows {
  std::vector<std::int64_t> sizes;
  std::vector<float> values;
};

/// The rows of all processes in the order of the batches, as all_logs() has them.
std::vector<float> all_rows(distributed::Group& group, const BatchRows& mine);

}  // namespace einthoven::train
