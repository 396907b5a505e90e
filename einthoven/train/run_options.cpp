#include "einthoven/train/run_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/load.h"
#include "einthoven/train/optimizer.h"

namespace einthoven::train {
namespace {

void check(const RunOptions& options) {
  if (!options.dataset.max_tokens && !options.dataset.batch_size)
    throw config_error("dataset: set dataset.batch_size or dataset.max_tokens");
  const auto& freq = options.optimization.update_freq;
  if (freq.empty()) throw config_error("optimization.update_freq: want one number or more, got []");
  if (options.dataset.combine_valid_subsets.value_or(false))
    throw config_error("dataset.combine_valid_subsets: not supported",
                       "list the subsets in dataset.valid_subset");
  const auto& checkpoint = options.checkpoint;
  if (checkpoint.checkpoint_suffix.find('/') != std::string::npos)
    throw config_error(fmt::format("checkpoint.checkpoint_suffix: want part of a name, got \"{}\"",
                                   checkpoint.checkpoint_suffix));
  const bool resets = checkpoint.reset_dataloader || checkpoint.reset_lr_scheduler ||
                      checkpoint.reset_meters || checkpoint.reset_optimizer;
  if (checkpoint.finetune_from_model && (resets || checkpoint.restore_file != "checkpoint_last.pt"))
    throw config_error(
        "checkpoint.finetune_from_model: cannot be combined with reset_* or restore_file");
  precision_of(options.common);
  loss_scaler_options(options.common, 1, freq.front());
}

void warn(const RunOptions& options, int processes) {
  const std::int64_t world = options.distributed.distributed_world_size;
  if (world > 1 && world != processes)
    log_warn(fmt::format(
        "distributed_training.distributed_world_size: {0} asked for, this run has {1} (`einthoven "
        "launch --nproc {0} train ...` starts {0}); optimization.update_freq times {2} would keep "
        "the size of an update",
        world, processes == 1 ? "one process" : fmt::format("{} processes", processes),
        static_cast<double>(world) / processes));
  const config::CommonOptions& common = options.common;
  const std::pair<bool, const char*> unused[] = {
      {common.wandb_project.has_value(),
       "common.wandb_project: not used; see tensorboard/ and log.jsonl in the run folder"},
      {common.profile, "common.profile: not used"},
      {common.empty_cache_freq != 0, "common.empty_cache_freq: not used"},
      {options.dataset.num_shards > 1, "dataset.num_shards: not used: training takes all data"},
      {options.checkpoint.checkpoint_shard_count > 1,
       "checkpoint.checkpoint_shard_count: not used"}};
  for (const auto& [set, text] : unused)
    if (set) log_warn(text);
}

}  // namespace

data::BatchLimits RunOptions::train_limits() const {
  return {dataset.max_tokens, dataset.batch_size, dataset.required_batch_size_multiple};
}

data::BatchLimits RunOptions::valid_limits() const {
  return {dataset.max_tokens_valid, dataset.batch_size_valid, dataset.required_batch_size_multiple};
}

data::LoaderOptions RunOptions::loader() const {
  return {.num_workers = static_cast<int>(dataset.num_workers),
          .data_buffer_size = static_cast<int>(dataset.data_buffer_size)};
}

std::size_t RunOptions::update_freq(std::int64_t epoch) const {
  const auto& freq = optimization.update_freq;
  const auto index = static_cast<std::size_t>(std::max<std::int64_t>(epoch, 1) - 1);
  return static_cast<std::size_t>(freq[std::min(index, freq.size() - 1)]);
}

std::vector<std::string> RunOptions::valid_subsets() const {
  std::vector<std::string> names;
  if (dataset.disable_validation) return names;
  for (const auto name : split(dataset.valid_subset, ','))
    if (!trim(name).empty()) names.emplace_back(trim(name));
  return names;
}

void check_unlisted_subsets(const RunOptions& options, const fs::path& data) {
  const auto listed = options.valid_subsets();
  if (listed.empty() || options.dataset.ignore_unused_valid_subsets || !fs::is_directory(data))
    return;
  for (const auto& entry : fs::directory_iterator(data)) {
    const std::string name = entry.path().stem().string();
    const bool numbered =
        name.starts_with("valid") && name.find_last_of("0123456789") + 1 == name.size();
    if (!numbered || entry.path().extension() != ".tsv") continue;
    if (std::find(listed.begin(), listed.end(), name) == listed.end())
      throw config_error(
          fmt::format("dataset.valid_subset: {} is in task.data but not listed", name),
          "list it, or set dataset.ignore_unused_valid_subsets=true");
  }
}

RunOptions read_run_options(const config::Value& config, int processes) {
  RunOptions options;
  config::load(options.common, config.at("common"), "common");
  config::load(options.dataset, config.at("dataset"), "dataset");
  config::load(options.optimization, config.at("optimization"), "optimization");
  config::load(options.checkpoint, config.at("checkpoint"), "checkpoint");
  config::load(options.distributed, config.at("distributed_training"), "distributed_training");
  check(options);
  make_optimizer({}, config.at("optimizer"));  // faults show before any data are read
  warn(options, processes);
  return options;
}

}  // namespace einthoven::train
