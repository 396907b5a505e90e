// From a recipe and a command line to the full configuration of a run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "einthoven/config/override.h"
#include "einthoven/config/recipe.h"
#include "einthoven/config/schema.h"

namespace einthoven::config {

/// The effective configuration: every key of every group, defaults < recipe < command line, all
/// references resolved, types as declared, keys in the order of the reference's saved files
/// (`_name` first). A list that was given as a Python literal stays text, as the reference saves
/// it.
///
/// One config error lists every fault with its key, where it was given, and the nearest known key:
/// unknown keys, wrong types, missing mandatory values, references to nothing. As in hydra a key of
/// a free group (model, task, ...) that the recipe lacks is added by `+key=value`; in typed groups
/// `key=value` always works. `model=NAME` chooses a model with its defaults. `hydra.*` is ignored.
Value resolve(const Schema& schema, const Recipe& recipe, const std::vector<Override>& overrides);

/// All texts parsed; one error for all that are malformed.
std::vector<Override> parse_overrides(const std::vector<std::string>& texts);

/// `hydra.run.dir`, the folder in which relative paths of the run lie, if it was given.
std::optional<std::string> run_folder(const std::vector<Override>& overrides);

}  // namespace einthoven::config
