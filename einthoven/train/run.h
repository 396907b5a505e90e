// From a recipe's name and a command line to a finished run.
#pragma once

#include <string>
#include <vector>

#include "einthoven/train/train_result.h"

namespace einthoven::train {

struct RunRequest {
  std::string recipe;                  ///< --config-name
  std::string recipe_folder;           ///< --config-dir; empty: our own recipes
  std::vector<std::string> overrides;  ///< group.key=value, as hydra takes them
  std::string device = "cpu";          ///< cpu, cuda or cuda:N
  int threads = 0;                     ///< 0: all cores
};

/// Resolves the request, trains, and writes config.yaml beside the checkpoints. Relative paths lie
/// in `hydra.run.dir` if it is given, else in the working directory; logs in that folder, else
/// beside the checkpoints. Usage error if the device is absent.
/// `common.suppress_crashes` logs an error and returns it as the reason of the end.
TrainResult run_training(const RunRequest& request);

}  // namespace einthoven::train
