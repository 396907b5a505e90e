#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>

#include "einthoven/base/error.h"
#include "einthoven/config/recipe.h"

using namespace einthoven;

namespace {

/// A folder of recipes that EINTHOVEN_RECIPES points to.
struct Folder {
  fs::path root = fs::temp_directory_path() / ("einthoven_recipes_" + std::to_string(::getpid()));
  Folder() {
    for (const char* name :
         {"a/config/pretraining/one", "a/config/finetuning/two", "b/two", "b/three"}) {
      const fs::path path = root / (std::string(name) + ".yaml");
      fs::create_directories(path.parent_path());
      write_file_atomically(path, "# A title.\nmodel: {_name: x}\n");
    }
    fs::create_symlink(root / "a/config", root / "c");
    ::setenv("EINTHOVEN_RECIPES", root.c_str(), 1);
  }
  ~Folder() {
    ::unsetenv("EINTHOVEN_RECIPES");
    fs::remove_all(root);
  }
};

std::string fault_of(const std::string& name, const std::string& folder) {
  try {
    config::find_recipe(name, folder);
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

}  // namespace

TEST_CASE("recipes are found by name, path and folder") {
  const Folder folder;
  const fs::path one = folder.root / "a/config/pretraining/one.yaml";
  CHECK(config::find_recipe("one", "") == one);
  CHECK(config::find_recipe("one.yaml", "") == one);
  CHECK(config::find_recipe("a/config/pretraining/one", "") == one);
  CHECK(config::find_recipe("one", one.parent_path().string()) == one);
  CHECK(config::list_recipes(folder.root).size() == 4);
  CHECK(config::recipe_title(one) == "A title.");
  CHECK(config::read_recipe(one).positions.at("model._name").ends_with("one.yaml:2"));
}

TEST_CASE("the examples folder of the reference means our own recipes") {
  const Folder folder;
  for (const char* given :
       {"examples/a/config/pretraining", "/srv/absent/examples/a/config/pretraining"}) {
    CHECK(config::find_recipe("one", given) == folder.root / "a/config/pretraining/one.yaml");
  }
  CHECK(fault_of("one", "examples/none").find("no such folder") != std::string::npos);
  CHECK(fault_of("one", "/srv/absent").find("no such folder") != std::string::npos);
}

TEST_CASE("faults") {
  const Folder folder;
  CHECK(fault_of("thre", "").find("did you mean \"three\"") != std::string::npos);
  CHECK(fault_of("two", "").find("a/config/finetuning/two, b/two") != std::string::npos);
  CHECK(fault_of("two", (folder.root / "a").string()).find("no such recipe") != std::string::npos);
  write_file_atomically(folder.root / "list.yaml", "- 1\n");
  CHECK_THROWS_AS(config::read_recipe(folder.root / "list.yaml"), Error);
  CHECK_THROWS_AS(config::read_recipe(folder.root / "absent.yaml"), Error);
}

TEST_CASE("every built-in recipe is readable, has a title and a unique name") {
  std::vector<std::string> names;
  const fs::path folder = config::recipes_folder();
  for (const std::string& recipe : config::list_recipes(folder)) {
    CAPTURE(recipe);
    const fs::path path = config::find_recipe(fs::path(recipe).filename().string(), "");
    CHECK(path == folder / (recipe + ".yaml"));
    CHECK(!config::recipe_title(path).empty());
    CHECK(config::read_recipe(path).values.contains("task"));
    names.push_back(recipe);
  }
  CHECK(names.size() >= 15);
  CHECK(config::find_recipe("diagnosis", "examples/wav2vec2/config/finetuning").filename() ==
        "diagnosis.yaml");
}
