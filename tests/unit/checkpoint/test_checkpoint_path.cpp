#include <doctest/doctest.h>
#include <unistd.h>

#include "einthoven/checkpoint/checkpoint_path.h"

using namespace einthoven;

TEST_CASE("a checkpoint is found under its name with and without .pt") {
  const fs::path folder =
      fs::temp_directory_path() / ("einthoven_path_" + std::to_string(::getpid()));
  fs::create_directories(folder / "ours");
  write_file_atomically(folder / "theirs.pt", "");
  CHECK(checkpoint::existing_checkpoint(folder / "ours") == folder / "ours");
  CHECK(checkpoint::existing_checkpoint(folder / "ours.pt") == folder / "ours");
  CHECK(checkpoint::existing_checkpoint(folder / "theirs") == folder / "theirs.pt");
  CHECK(!checkpoint::existing_checkpoint(folder / "nothing"));
  fs::remove_all(folder);
}
