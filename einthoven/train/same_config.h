// Processes of one run have to train the same.
#pragma once

#include "einthoven/config/value.h"
#include "einthoven/distributed/group.h"

namespace einthoven::train {

/// Config error in every process, naming the first key, if one of them has another configuration
/// than the first; what a process may have for itself (rank, port, log file, workers) does not
/// count.
void require_same_config(const config::Value& config, distributed::Group& processes);

}  // namespace einthoven::train
