// Recipes: YAML files that describe one experiment each.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/config/value.h"
#include "einthoven/config/yaml.h"

namespace einthoven::config {

struct Recipe {
  fs::path path;
  Value values;
  Positions positions;
};

/// The folder of our recipes: $EINTHOVEN_RECIPES, else share/einthoven/recipes beside the program's
/// bin folder, else the source tree's recipes. Config error if there is none.
fs::path recipes_folder();

/// Every recipe of a folder and its sub-folders, as relative paths without ".yaml", sorted.
std::vector<std::string> list_recipes(const fs::path& folder);

/// First comment line of a recipe: what it is for.
std::string recipe_title(const fs::path& path);

/// `name`, with or without ".yaml", in `folder`; without a folder anywhere among our recipes, by
/// file name or by relative path. A folder `.../examples/X` of fairseq-signals that is not here is
/// taken to mean our own `X`. Config error with the nearest name if there is no such recipe.
fs::path find_recipe(const std::string& name, const std::string& folder);

/// A recipe's YAML must be a map.
Recipe read_recipe(const fs::path& path);

}  // namespace einthoven::config
