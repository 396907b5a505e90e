#include <doctest/doctest.h>
#include <fmt/core.h>
#include <unistd.h>

#include "einthoven/base/error.h"
#include "einthoven/infer/items.h"

using namespace einthoven;

TEST_CASE("folders list each recording once, in order") {
  const fs::path folder = fs::temp_directory_path() / fmt::format("einthoven_items_{}", ::getpid());
  fs::create_directories(folder / "sub");
  for (const char* name : {"b.hea", "b.dat", "a.hea", "a.mat", "sub/c.mat", "notes.txt"}) {
    write_file_atomically(folder / name, "x");
  }
  const auto items = infer::list_items({folder.string(), (folder / "b").string()}, {}, {});
  std::vector<std::string> names;
  for (const auto& item : items) names.push_back(fs::relative(item.name, folder).string());
  CHECK((names == std::vector<std::string>{"a.hea", "b.hea", "sub/c.mat", "b"}));
  CHECK_THROWS_AS(items[0].read(), Error);
  CHECK_THROWS_AS(infer::list_items({(folder / "absent").string()}, {}, {}), Error);
  fs::create_directories(folder / "empty");
  CHECK_THROWS_AS(infer::list_items({(folder / "empty").string()}, {}, {}), Error);
  fs::remove_all(folder);
}
