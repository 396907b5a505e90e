// The explicit table of models: names as in `model._name`, their options and how they are built.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "einthoven/config/schema.h"

namespace einthoven::model {

/// Model name -> its options, in the order of the documentation.
std::vector<std::pair<std::string, config::Describe>> model_schemas();

}  // namespace einthoven::model
