#include "einthoven/train/run.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <chrono>
#include <cstdlib>
#include <memory>

#include "einthoven/base/error.h"
#include "einthoven/base/file_lock.h"
#include "einthoven/base/log.h"
#include "einthoven/checkpoint/atomic_folder.h"
#include "einthoven/config/resolve.h"
#include "einthoven/config/yaml.h"
#include "einthoven/distributed/device.h"
#include "einthoven/train/processes.h"
#include "einthoven/train/same_config.h"
#include "einthoven/train/schema.h"
#include "einthoven/train/trainer.h"

namespace einthoven::train {
namespace {

std::string setting(const config::Value& config, const char* group, const char* key) {
  const config::Value& value = config.at(group).at(key);
  return value.is_string() ? value.get<std::string>() : "";
}

config::Value resolve_request(const RunRequest& request) {
  const config::Recipe recipe =
      config::read_recipe(config::find_recipe(request.recipe, request.recipe_folder));
  return config::resolve(training_schema(), recipe, config::parse_overrides(request.overrides));
}

TrainPlace place_of(const config::Value& config, const RunRequest& request, at::Device device,
                    distributed::Group& processes) {
  const auto run_folder = config::run_folder(config::parse_overrides(request.overrides));
  const fs::path base = run_folder.value_or("");
  TrainPlace place;
  const std::string save_dir = setting(config, "checkpoint", "save_dir");
  if (save_dir.empty()) throw config_error("checkpoint.save_dir: want a folder, got nothing");
  place.save_dir = base / save_dir;
  place.log_folder = run_folder ? base : place.save_dir;
  place.device = device;
  place.processes = &processes;
  return place;
}

/// A process that is silent for so long is dead.
std::chrono::seconds patience(const config::Value& config) {
  const auto wanted = config.at("distributed_training").value("heartbeat_timeout", std::int64_t{0});
  return wanted > 0 ? std::chrono::seconds(wanted) : kPatience;
}

/// The lock on the folders of the run and what is written there before training.
std::unique_ptr<FileLock> take_folders(const config::Value& config, const TrainPlace& place) {
  fs::create_directories(place.save_dir);
  fs::create_directories(place.log_folder);
  auto lock = std::make_unique<FileLock>(place.save_dir / "run.lock", "another run");
  for (const char* written : {"checkpoint", "config.yaml."})
    checkpoint::tidy_after_kill(place.save_dir, written);
  for (const char* written : {"log.jsonl.", "train.csv.", "train_inner.csv.", "valid.csv."})
    checkpoint::tidy_after_kill(place.log_folder, written);
  const std::string log_file = setting(config, "common", "log_file");
  set_log_file((log_file.empty() ? place.log_folder / "train.log" : fs::path(log_file)).c_str());
  return lock;
}

/// Before the device is used for the first time: cuBLAS reads its variable then.
void choose_kernels(const config::Value& config) {
  if (!config.at("common").value("deterministic", false)) return;
  ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/false);
  at::globalContext().setDeterministicCuDNN(true);
  at::globalContext().setBenchmarkCuDNN(false);
}

TrainResult train_resolved(const config::Value& config, const RunRequest& request,
                           at::Device device, distributed::Group& processes) {
  const TrainPlace place = place_of(config, request, device, processes);
  const auto lock = processes.is_first() ? take_folders(config, place) : nullptr;
  Trainer trainer(config, place);
  if (lock)
    write_file_atomically(place.save_dir / "config.yaml", config::format_yaml(trainer.config()));
  return trainer.run();
}

}  // namespace

TrainResult run_training(const RunRequest& request) {
  const config::Value config = resolve_request(request);
  choose_kernels(config);
  const at::Device device = distributed::device_named(request.device);
  const auto processes = join_processes(request.threads, patience(config), device);
  require_same_config(config, *processes);
  if (!config.at("common").value("suppress_crashes", false))
    return train_resolved(config, request, device, *processes);
  try {
    return train_resolved(config, request, device, *processes);
  } catch (const std::exception& error) {
    log_error(error.what());
    return {.first = processes->is_first(),
            .reason = fmt::format("crashed (common.suppress_crashes): {}", error.what())};
  }
}

}  // namespace einthoven::train
