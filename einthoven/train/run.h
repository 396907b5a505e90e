// From a recipe's name and a command line to a finished run.
#pragma once

#include <string>
#include <vector>

#include "einthoven/train/trainer.h"

namespace einthoven::train {

struct RunRequest {
  std::string recipe;                  ///< --config-name
  std::string recipe_folder;           ///< --config-dir; empty: our own recipes
  std::vector<std::string> overrides;  ///< group.key=value, as hydra takes them
  std::string device = "cpu";          ///< cpu, cuda or cuda:N
};

/// Where the run's files are: relative paths lie in `hydra.run.dir` if it is given, else in the
/// working directory; logs in that folder, else beside the checkpoints.
TrainPlace place_of(const config::Value& config, const RunRequest& request);

/// The configuration of the request with every default filled in and checked.
config::Value resolve_request(const RunRequest& request);

/// Writes config.yaml beside the checkpoints, then trains. Config error if the device is absent.
TrainResult run_training(const RunRequest& request);

}  // namespace einthoven::train
