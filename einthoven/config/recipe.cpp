#include "einthoven/config/recipe.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/base/strings.h"

namespace einthoven::config {
namespace {

std::string without_extension(const std::string& name) {
  for (const std::string_view extension : {".yaml", ".yml"}) {
    if (name.ends_with(extension)) return name.substr(0, name.size() - extension.size());
  }
  return name;
}

/// The part of a path after its last folder `examples`, if there is one.
std::string after_examples(const fs::path& folder) {
  fs::path out;
  bool found = false;
  for (const auto& part : folder) {
    if (part == "examples") {
      found = true;
      out.clear();
    } else if (found) {
      out /= part;
    }
  }
  return found ? out.string() : std::string();
}

fs::path existing_folder(const std::string& folder) {
  if (fs::is_directory(folder)) return folder;
  const std::string relative = after_examples(folder);
  const fs::path ours = relative.empty() ? fs::path() : recipes_folder() / relative;
  if (relative.empty() || !fs::is_directory(ours)) {
    throw config_error(fmt::format("{}: no such folder of recipes", folder),
                       "einthoven recipes lists those that are built in");
  }
  log_info(fmt::format("{} does not exist; using the built-in recipes/{}", folder, relative));
  return ours;
}

fs::path recipe_in(const fs::path& folder, const std::string& name) {
  for (const char* extension : {".yaml", ".yml"}) {
    const fs::path path = folder / (name + extension);
    if (fs::is_regular_file(path)) return path;
  }
  return {};
}

}  // namespace

fs::path recipes_folder() {
  if (const char* given = std::getenv("EINTHOVEN_RECIPES")) return given;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  for (const fs::path& folder : {program.parent_path().parent_path() / "share/einthoven/recipes",
                                 fs::path(EINTHOVEN_SOURCE_RECIPES)}) {
    if (fs::is_directory(folder, ignored)) return folder;
  }
  throw config_error("the folder of recipes is missing",
                     "set EINTHOVEN_RECIPES, or give --config-dir");
}

std::vector<std::string> list_recipes(const fs::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path& path = entry.path();
    const bool yaml = path.extension() == ".yaml" || path.extension() == ".yml";
    if (!yaml || entry.is_symlink() || !entry.is_regular_file()) continue;
    out.push_back(without_extension(fs::relative(path, folder).string()));
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string recipe_title(const fs::path& path) {
  const std::string text = read_file(path);
  const std::string_view line = split_lines(text).empty() ? "" : split_lines(text).front();
  return line.starts_with('#') ? std::string(trim(line.substr(1))) : std::string();
}

fs::path find_recipe(const std::string& name, const std::string& folder) {
  const std::string stem = without_extension(name);
  const fs::path root = folder.empty() ? recipes_folder() : existing_folder(folder);
  if (const fs::path path = recipe_in(root, stem); !path.empty()) return path;
  const auto known = list_recipes(root);
  std::vector<std::string> matches;
  std::vector<std::string> names;
  for (const std::string& recipe : known) {
    names.push_back(folder.empty() ? fs::path(recipe).filename().string() : recipe);
    if (folder.empty() && names.back() == stem) matches.push_back(recipe);
  }
  if (matches.size() == 1) return recipe_in(root, matches.front());
  if (matches.size() > 1) {
    throw config_error(
        fmt::format("{}: several recipes have this name: {}", name, join(matches, ", ")),
        "give the whole path, or --config-dir");
  }
  throw config_error(
      fmt::format("{}: no such recipe in {}{}", name, root.string(), did_you_mean(stem, names)),
      folder.empty() ? "einthoven recipes lists them" : "");
}

Recipe read_recipe(const fs::path& path) {
  Recipe out;
  out.path = path;
  out.values = read_yaml(path, &out.positions);
  if (out.values.is_null()) out.values = Value::object();
  if (!out.values.is_object()) {
    throw config_error(path.string() + ": a recipe must be a map of groups");
  }
  return out;
}

}  // namespace einthoven::config
