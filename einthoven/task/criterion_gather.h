// Contrast over the segments of all processes.
#pragma once

#include "einthoven/task/criterion.h"

namespace einthoven::task {

/// The embeddings of all processes in `output`, their patients and halves in `batch`; both as after
/// a batch of all their rows. Differentiable and collective.
void gather_pairs(distributed::Group& group, model::Output& output, data::Batch& batch);

/// Leaves no rows: a process that has run out of batches only takes part in the gathering.
void drop_rows(model::Output& output, data::Batch& batch);

/// The share of one process in a loss that each process computes of all rows.
void take_share(StepResult& result, int processes);

}  // namespace einthoven::task
