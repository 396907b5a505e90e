// What `einthoven evaluate` runs with: from a recipe, or from the checkpoint itself.
#pragma once

#include <optional>
#include <vector>

#include "einthoven/config/resolve.h"

namespace einthoven::infer {

/// The configuration of an evaluation. With a recipe (as fairseq-hydra-validate): the recipe and
/// the overrides, and from the checkpoint's own `task` the label file and size limits that the
/// recipe leaves open. Without: the checkpoint's `task` and `dataset` and the overrides.
/// Augmentation is off in both. Config error as resolve().
config::Value evaluation_config(const config::Schema& schema, const config::Value& saved,
                                const std::optional<config::Recipe>& recipe,
                                std::vector<config::Override> overrides);

}  // namespace einthoven::infer
