// Whether the tensors of a checkpoint are those of the model that its configuration describes.
#pragma once

#include <string>

#include "einthoven/checkpoint/checkpoint.h"

namespace einthoven::model {

/// Builds the model of the checkpoint's own configuration and compares names and shapes. Checkpoint
/// error that names the tensors (the first 20) that are missing, unused or misshapen. False if
/// there is nothing to compare with: no configuration, a model that is not known here, or not one
/// tensor of that model.
bool require_fit(const checkpoint::Checkpoint& checkpoint, const std::string& source);

}  // namespace einthoven::model
