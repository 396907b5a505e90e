// The explicit table of models: names as in `model._name`, their options and how they are built.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "einthoven/config/visitor.h"
#include "einthoven/model/model.h"

namespace einthoven::model {

/// Describes a default-constructed options struct that the function itself owns; valid for help,
/// documentation and checking of a configuration group.
using Describe = std::function<void(config::Visitor&)>;

/// Model name -> its options, in the order of the documentation.
std::vector<std::pair<std::string, Describe>> model_schemas();

}  // namespace einthoven::model
