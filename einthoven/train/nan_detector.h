// Where a NaN or infinity entered a training step.
#pragma once

#include <string>
#include <vector>

#include "einthoven/data/batch.h"
#include "einthoven/model/model.h"

namespace einthoven::train {

/// The first of: a batch with such values, a parameter with them, the parameter whose gradient has
/// them, in the order of the model; one phrase that names it with its module and shape.
std::string first_not_finite(const model::Model& model, const std::vector<data::Batch>& group);

}  // namespace einthoven::train
