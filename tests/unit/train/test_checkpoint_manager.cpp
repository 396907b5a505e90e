#include <doctest/doctest.h>
#include <torch/torch.h>

#include <set>

#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/checkpoint/checkpoint_path.h"
#include "einthoven/train/checkpoint_link.h"
#include "einthoven/train/checkpoint_manager.h"
#include "tests/unit/train/scratch_folder.h"

using namespace einthoven;
using train::CheckpointManager;
using train::SaveMoment;

namespace {

checkpoint::Checkpoint tiny(float value) {
  checkpoint::Checkpoint made;
  made.model.set("weight", torch::full({2}, value));
  made.config = config::Value::object();
  made.optimizer_history = config::Value::array();
  made.extra = config::Value::object();
  return made;
}

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.insert(entry.path().filename().string());
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("names that are due follow the rules of the reference") {
  config::CheckpointOptions options;
  options.save_interval = 2;
  options.save_interval_updates = 10;
  CheckpointManager manager(options, "unused");
  CHECK(manager.due({1, 7, true, {}}) == Names{"checkpoint_last"});
  CHECK(manager.due({2, 14, true, 0.5}) ==
        Names{"checkpoint2", "checkpoint_best", "checkpoint_last"});
  CHECK(manager.due({1, 10, false, {}}) == Names{"checkpoint_1_10", "checkpoint_last"});
  manager.set_best(0.4);
  CHECK(manager.due({1, 7, true, 0.5}) == Names{"checkpoint_last"});
  CHECK(manager.due({1, 7, true, 0.4}) == Names{"checkpoint_best", "checkpoint_last"});
  options.no_last_checkpoints = true;
  options.no_epoch_checkpoints = true;
  options.maximize_best_checkpoint_metric = true;
  CheckpointManager other(options, "unused");
  other.set_best(0.4);
  CHECK(other.due({2, 14, true, 0.5}) == Names{"checkpoint_best"});
  CHECK(other.due({2, 14, true, 0.3}).empty());
}

TEST_CASE("the keep rules delete the oldest and the worst, after writing") {
  set_log_level(LogLevel::warn);
  const test::ScratchFolder folder("manager");
  config::CheckpointOptions options;
  options.keep_last_epochs = 1;
  options.keep_best_checkpoints = 2;
  options.save_interval_updates = 1;
  options.keep_interval_updates = 1;
  options.keep_interval_updates_pattern = 4;
  CheckpointManager manager(options, folder.path());
  const double values[] = {0.5, 0.3, 0.4, 0.9};
  for (std::int64_t epoch = 1; epoch <= 4; ++epoch) {
    const auto make = [&] { return tiny(static_cast<float>(epoch)); };
    manager.save({epoch, 2 * epoch, false, {}}, make);
    manager.save({epoch, 2 * epoch, true, values[epoch - 1]}, make);
  }
  manager.finish();
  CHECK(manager.best() == 0.3);
  CHECK(names_in(folder.path()) ==
        std::set<std::string>{"checkpoint4", "checkpoint_2_4", "checkpoint_4_8", "checkpoint_3_6",
                              "checkpoint.best_loss_0.30", "checkpoint.best_loss_0.40",
                              "checkpoint_best", "checkpoint_last"});
  const auto best = checkpoint::read_checkpoint(folder.path() / "checkpoint_best");
  CHECK(best.model.find("weight")->index({0}).item<float>() == 2);
}

TEST_CASE("a reference checkpoint is one file, and is found without its ending") {
  set_log_level(LogLevel::warn);
  const test::ScratchFolder folder("reference");
  config::CheckpointOptions options;
  options.format = "reference";
  CheckpointManager manager(options, folder.path());
  CHECK(!manager.find_restore());
  manager.save({1, 3, true, 0.5}, [] { return tiny(1); });
  manager.finish();
  CHECK(names_in(folder.path()) ==
        std::set<std::string>{"checkpoint1.pt", "checkpoint_best.pt", "checkpoint_last.pt"});
  CHECK(manager.find_restore() == folder.path() / "checkpoint_last.pt");
  options.format = "native";
  CHECK(CheckpointManager(options, folder.path()).find_restore() ==
        folder.path() / "checkpoint_last.pt");
  CHECK(checkpoint::existing_checkpoint(folder.path() / "checkpoint1") ==
        folder.path() / "checkpoint1.pt");
}

TEST_CASE("after a change of the format the newer checkpoint is continued from") {
  set_log_level(LogLevel::error);
  const test::ScratchFolder folder("formats");
  config::CheckpointOptions options;
  for (const char* format : {"reference", "native", "reference"}) {
    options.format = format;
    CheckpointManager manager(options, folder.path());
    const bool file = options.format == "reference";
    const fs::path written = folder.path() / (file ? "checkpoint_last.pt" : "checkpoint_last");
    manager.save_last([] { return tiny(1); });
    manager.finish();
    fs::last_write_time(written, fs::file_time_type::clock::now() + std::chrono::hours(1));
    for (const char* now : {"native", "reference"}) {
      options.format = now;
      CHECK(CheckpointManager(options, folder.path()).find_restore() == written);
    }
    fs::last_write_time(written, fs::file_time_type::clock::now() - std::chrono::hours(1));
  }
}

TEST_CASE("what is saved is the state at the call, whatever happens to it afterwards") {
  set_log_level(LogLevel::warn);
  const test::ScratchFolder folder("copy");
  CheckpointManager manager({}, folder.path());
  const checkpoint::Checkpoint state = tiny(1);
  manager.save_last([&] { return state; });
  state.model.find("weight")->fill_(2);
  manager.finish();
  const auto read = checkpoint::read_checkpoint(folder.path() / "checkpoint_last");
  CHECK(read.model.find("weight")->index({0}).item<float>() == 1);
}

TEST_CASE("a large state is read in place and may change when its reader has ended") {
  set_log_level(LogLevel::warn);
  const test::ScratchFolder folder("in_place");
  CheckpointManager manager({}, folder.path(), /*largest_copy=*/1 << 20);
  checkpoint::Checkpoint state = tiny(1);
  state.model.set("weight", torch::ones({1 << 24}));  // 64 MiB: its writing takes a while
  manager.save_last([&] { return state; });
  manager.await_reader();
  state.model.find("weight")->fill_(2);
  manager.finish();
  const auto read = checkpoint::read_checkpoint(folder.path() / "checkpoint_last");
  CHECK(read.model.find("weight")->eq(1).all().item<bool>());
}

TEST_CASE("a failed write is a warning, keeps what is there, and throws only as the last one") {
  set_log_level(LogLevel::error);
  const test::ScratchFolder folder("failure");
  config::CheckpointOptions options;
  options.keep_last_epochs = 1;
  CheckpointManager manager(options, folder.path());
  manager.save({1, 3, true, {}}, [] { return tiny(1); });
  manager.finish();
  write_file_atomically(folder.path() / "checkpoint2", "in the way");
  manager.save({2, 6, true, {}}, [] { return tiny(2); });
  CHECK_THROWS_AS(manager.finish(), Error);
  manager.save({2, 6, true, {}}, [] { return tiny(2); });
  manager.save({3, 9, true, {}}, [] { return tiny(3); });
  CHECK_NOTHROW(manager.finish());
  CHECK(names_in(folder.path()) == std::set<std::string>{"checkpoint3", "checkpoint_last"});
  write_file_atomically(folder.path() / "checkpoint4", "in the way");
  manager.save({4, 12, true, {}}, [] { return tiny(4); });
  CHECK_THROWS_AS(manager.finish(), Error);
  const auto read = checkpoint::read_checkpoint(folder.path() / "checkpoint_last");
  CHECK(read.model.find("weight")->index({0}).item<float>() == 3);
}

TEST_CASE("what a killed run has not deleted is deleted at the end of the next") {
  set_log_level(LogLevel::warn);
  const test::ScratchFolder folder("left");
  for (const char* name : {"checkpoint_1_1", "checkpoint_1_2", "checkpoint_1_3"})
    fs::create_directories(folder.path() / name);
  config::CheckpointOptions options;
  options.keep_interval_updates = 2;
  CheckpointManager(options, folder.path()).finish();
  CHECK(names_in(folder.path()) == std::set<std::string>{"checkpoint_1_2", "checkpoint_1_3"});
}

TEST_CASE("a second name replaces an older checkpoint whole") {
  set_log_level(LogLevel::warn);
  const test::ScratchFolder folder("link");
  const fs::path first = folder.path() / "a", second = folder.path() / "b";
  fs::create_directories(first);
  fs::create_directories(second);
  write_file_atomically(first / "new", "1");
  write_file_atomically(second / "old", "0");
  train::link_checkpoint(first, second);
  CHECK(names_in(second) == std::set<std::string>{"new"});
  CHECK(read_file(second / "new") == "1");
  CHECK(names_in(folder.path()) == std::set<std::string>{"a", "b"});
}
