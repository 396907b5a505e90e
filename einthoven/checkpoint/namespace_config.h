// Settings of very old checkpoints: one flat namespace instead of groups.
#pragma once

#include "einthoven/config/value.h"

namespace einthoven::checkpoint {

/// Gives every group (common, dataset, ..., model, task, criterion, optimizer, lr_scheduler) all
/// flat settings, with `_name` from `arch`, `task`, `criterion`, `optimizer` and `lr_scheduler`;
/// who loads a group takes the keys it knows. `lr` becomes a list, a list of data folders its
/// first, and `min_lr` `stop_min_lr`, as the reference upgrades such files.
config::Value config_of_namespace(const config::Value& args);

}  // namespace einthoven::checkpoint
