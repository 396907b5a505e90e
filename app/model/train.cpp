#include <fmt/core.h>

#include <memory>

#include "app/model/commands.h"
#include "einthoven/config/reference.h"
#include "einthoven/train/run.h"
#include "einthoven/train/schema.h"

namespace einthoven::app {
namespace {

constexpr std::uint64_t kDefaultSeed = 1;

std::string help() {
  return "Overrides are group.key=value; +group.key=value adds a key that the recipe lacks. They\n"
         "may stand before or after the options. A run that was interrupted continues when the\n"
         "same command is given again. Logs, config.yaml and checkpoints lie in\n"
         "checkpoint.save_dir (logs in hydra.run.dir, if given).\n\n"
         "Example:\n"
         "  einthoven train --config-name w2v_cmsc_rlm task.data=manifests/cmsc \\\n"
         "      dataset.batch_size=16 checkpoint.save_dir=runs/pretrain\n\n"
         "Keys:\n" +
         config::help_text(train::training_schema());
}

int run(train::RunRequest request, const Globals& globals) {
  if (globals.seed != kDefaultSeed)
    request.overrides.push_back(fmt::format("common.seed={}", globals.seed));
  request.device = globals.device;
  request.threads = globals.threads;
  const train::TrainResult result = train::run_training(request);
  if (!result.first) return 0;
  fmt::print("updates {}\nepochs {}\n", result.updates, result.epochs);
  if (result.best) fmt::print("best {}\n", *result.best);
  fmt::print("ended {}\n", result.reason);
  return 0;
}

}  // namespace

void add_train(Command root) {
  const auto request = std::make_shared<train::RunRequest>();
  root.subcommand(kTrain)
      .option("--config-name", request->recipe, "recipe: name of a YAML file")
      .require("--config-name")
      .option("--config-dir", request->recipe_folder, "its folder (default: built-in recipes)")
      .rest(request->overrides)
      .footer(help)
      .run([request](const Globals& globals) { return run(*request, globals); });
}

}  // namespace einthoven::app
