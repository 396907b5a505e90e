// All that `einthoven train` can be configured with.
#pragma once

#include "einthoven/config/schema.h"

namespace einthoven::train {

/// The typed groups and every model, task, criterion, optimizer and schedule with its options.
config::Schema training_schema();

}  // namespace einthoven::train
