// A checkpoint that one process has read becomes that of all.
#pragma once

#include <optional>

#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/distributed/group.h"
#include "einthoven/model/model.h"

namespace einthoven::train {

/// The first process has loaded `checkpoint` into its model, or has found none. Afterwards every
/// model has its weights and buffers, and every `checkpoint` its optimizer, history and progress
/// (model and config stay with the first). Collective.
void share_checkpoint(distributed::Group& processes, const model::Model& model,
                      std::optional<checkpoint::Checkpoint>& checkpoint);

}  // namespace einthoven::train
