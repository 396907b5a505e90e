#include "einthoven/train/run.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/base/file_lock.h"
#include "einthoven/base/log.h"
#include "einthoven/base/parallel.h"
#include "einthoven/checkpoint/atomic_folder.h"
#include "einthoven/config/resolve.h"
#include "einthoven/config/yaml.h"
#include "einthoven/train/schema.h"
#include "einthoven/train/trainer.h"

namespace einthoven::train {
namespace {

at::Device device_named(const std::string& name) {
  try {
    const at::Device device(name);
    if (!device.is_cuda() || torch::cuda::is_available()) return device;
  } catch (const c10::Error&) {
    throw usage_error(fmt::format("--device: want cpu, cuda or cuda:N, got \"{}\"", name));
  }
  throw config_error(fmt::format("--device {}: this machine has no usable CUDA device", name));
}

std::string setting(const config::Value& config, const char* group, const char* key) {
  const config::Value& value = config.at(group).at(key);
  return value.is_string() ? value.get<std::string>() : "";
}

config::Value resolve_request(const RunRequest& request) {
  const config::Recipe recipe =
      config::read_recipe(config::find_recipe(request.recipe, request.recipe_folder));
  return config::resolve(training_schema(), recipe, config::parse_overrides(request.overrides));
}

TrainPlace place_of(const config::Value& config, const RunRequest& request) {
  const auto run_folder = config::run_folder(config::parse_overrides(request.overrides));
  const fs::path base = run_folder.value_or("");
  TrainPlace place;
  place.save_dir = base / setting(config, "checkpoint", "save_dir");
  place.log_folder = run_folder ? base : place.save_dir;
  place.device = device_named(request.device);
  return place;
}

}  // namespace

TrainResult run_training(const RunRequest& request) {
  torch::set_num_threads(thread_count(request.threads));
  const config::Value config = resolve_request(request);
  const TrainPlace place = place_of(config, request);
  fs::create_directories(place.save_dir);
  fs::create_directories(place.log_folder);
  const FileLock lock(place.save_dir / "run.lock", "another run");
  for (const char* written : {"checkpoint", "config.yaml."})
    checkpoint::tidy_after_kill(place.save_dir, written);
  checkpoint::tidy_after_kill(place.log_folder, "log.jsonl.");
  const std::string log_file = setting(config, "common", "log_file");
  set_log_file((log_file.empty() ? place.log_folder / "train.log" : fs::path(log_file)).c_str());
  Trainer trainer(config, place);
  write_file_atomically(place.save_dir / "config.yaml", config::format_yaml(trainer.config()));
  return trainer.run();
}

}  // namespace einthoven::train
