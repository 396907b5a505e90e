#include <doctest/doctest.h>
#include <torch/torch.h>

#include <nlohmann/json.hpp>

#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/checkpoint/safetensors.h"

namespace einthoven::checkpoint {
namespace {

const fs::path kFixtures = fs::path(EINTHOVEN_SHARED) / "fixtures";

std::vector<fs::path> fixture_files(const std::string& ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(kFixtures))
    if (entry.path().extension() == ending) files.push_back(entry.path());
  return files;
}

TEST_CASE("every .pt file of the fixtures is read") {
  if (!fs::is_directory(kFixtures)) {
    MESSAGE("no ../shared: skipped");
    return;
  }
  for (const fs::path& path : fixture_files(".pt")) {
    CAPTURE(path.string());
    const Checkpoint checkpoint = read_checkpoint(path);
    CHECK(checkpoint.model.size() > 0);
    if (path.filename() == "checkpoint.pt") {
      CHECK(checkpoint.config.at("model").contains("_name"));
      CHECK(checkpoint.optimizer_history.size() == 1);
    }
  }
}

}  // namespace
}  // namespace einthoven::checkpoint
