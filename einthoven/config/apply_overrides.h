// The part of resolve() that merges a command line into a recipe.
#pragma once

#include <string>
#include <vector>

#include "einthoven/config/faults.h"
#include "einthoven/config/override.h"
#include "einthoven/config/recipe.h"
#include "einthoven/config/schema.h"

namespace einthoven::config {

/// Changes recipe.values, and recipe.positions to "command line" for what was changed; overrides
/// that are against the rules of hydra become faults.
void apply_overrides(const Schema& schema, const std::vector<Override>& overrides, Recipe& recipe,
                     Faults& faults);

}  // namespace einthoven::config
