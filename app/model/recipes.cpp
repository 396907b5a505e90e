#include <fmt/core.h>

#include <memory>

#include "app/model/commands.h"
#include "einthoven/base/file.h"
#include "einthoven/config/recipe.h"
#include "einthoven/config/reference.h"
#include "einthoven/train/schema.h"

namespace einthoven::app {
namespace {

struct Arguments {
  std::string name;
  bool keys = false;
};

int list() {
  const fs::path folder = config::recipes_folder();
  for (const std::string& recipe : config::list_recipes(folder)) {
    const std::string title = config::recipe_title(folder / (recipe + ".yaml"));
    fmt::print("{:<28} {}\n{:<28}   {}\n", fs::path(recipe).filename().string(), title, "", recipe);
  }
  return 0;
}

int run(const Arguments& args) {
  if (args.keys) {
    fmt::print("{}", config::help_markdown(train::training_schema()));
    return 0;
  }
  if (args.name.empty()) return list();
  fmt::print("{}", read_file(config::find_recipe(args.name, "")));
  return 0;
}

}  // namespace

void add_recipes(Command root) {
  const auto args = std::make_shared<Arguments>();
  root.subcommand(kRecipes)
      .option("--show", args->name, "print this recipe")
      .flag("--keys", args->keys, "print every configuration key as Markdown (docs/config.md)")
      .footer([] {
        return std::string(
            "Examples:\n"
            "  einthoven recipes\n"
            "  einthoven recipes --show w2v_cmsc_rlm > mine.yaml\n"
            "  einthoven train --config-name w2v_cmsc_rlm task.data=manifests/cmsc");
      })
      .run([args](const Globals&) { return run(*args); });
}

}  // namespace einthoven::app
