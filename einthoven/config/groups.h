// The six typed groups of a run's configuration: keys, defaults and meanings as fairseq-signals has
// them (hydra groups common, common_eval, distributed_training, dataset, optimization, checkpoint).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/config/visitor.h"

namespace einthoven::config {

/// Logging, seed, reduced precision.
struct CommonOptions {
  bool no_progress_bar = false;
  std::int64_t log_interval = 100;
  std::optional<std::string> log_format;
  std::optional<std::string> log_file;
  std::optional<std::string> wandb_project;
  std::optional<std::string> wandb_entity;
  std::int64_t seed = 1;
  bool fp16 = false;
  bool memory_efficient_fp16 = false;
  bool fp16_no_flatten_grads = false;
  std::int64_t fp16_init_scale = 128;
  std::optional<std::int64_t> fp16_scale_window;
  double fp16_scale_tolerance = 0.0;
  bool on_cpu_convert_precision = false;
  double min_loss_scale = 1e-4;
  std::optional<double> threshold_loss_scale;
  std::int64_t empty_cache_freq = 0;
  std::int64_t all_gather_list_size = 16384;
  std::int64_t model_parallel_size = 1;
  bool profile = false;
  bool reset_logging = false;
  bool suppress_crashes = false;
  bool bf16 = false;
  bool deterministic = false;
  void describe(Visitor& v);
};

/// What evaluation reads and extracts.
struct CommonEvalOptions {
  std::optional<std::string> path;
  bool quiet = false;
  std::string model_overrides = "{}";
  std::optional<std::vector<std::string>> extract;
  std::optional<std::string> results_path;
  void describe(Visitor& v);
};

/// Processes of one run and how they exchange gradients.
struct DistributedOptions {
  std::int64_t distributed_world_size = 1;
  std::optional<std::int64_t> distributed_rank = 0;
  std::string distributed_backend = "nccl";
  std::optional<std::string> distributed_init_method;
  std::int64_t distributed_port = 12355;
  std::int64_t device_id = 0;
  std::string ddp_comm_hook = "none";
  std::int64_t bucket_cap_mb = 25;
  bool fix_batches_to_gpus = false;
  bool find_unused_parameters = false;
  std::int64_t heartbeat_timeout = -1;
  bool broadcast_buffers = false;
  bool fp16 = false;
  bool memory_efficient_fp16 = false;
  std::string zero_sharding = "none";
  void describe(Visitor& v);
};

/// Subsets, batch sizes, loading, when to validate.
struct DatasetOptions {
  std::int64_t num_workers = 1;
  bool skip_invalid_size_inputs_valid_test = false;
  std::optional<std::int64_t> max_tokens;
  std::optional<std::int64_t> batch_size;
  std::int64_t required_batch_size_multiple = 8;
  std::int64_t data_buffer_size = 10;
  std::string train_subset = "train";
  std::string valid_subset = "valid";
  std::optional<bool> combine_valid_subsets;
  bool ignore_unused_valid_subsets = false;
  std::int64_t validate_interval = 1;
  std::int64_t validate_interval_updates = 0;
  std::int64_t validate_after_updates = 0;
  std::optional<std::int64_t> fixed_validation_seed;
  bool disable_validation = false;
  std::optional<std::int64_t> max_tokens_valid;
  std::optional<std::int64_t> batch_size_valid;
  std::optional<std::int64_t> max_valid_steps;
  std::int64_t curriculum = 0;
  std::int64_t num_shards = 1;
  std::int64_t shard_id = 0;
  std::string leakage_check = "error";
  void describe(Visitor& v);
};

/// Length of the run, learning rates, accumulation, clipping.
struct OptimizationOptions {
  std::int64_t max_epoch = 0;
  std::int64_t max_update = 0;
  std::vector<double> lr{0.25};
  double stop_time_hours = 0.0;
  double clip_norm = 0.0;
  std::vector<std::int64_t> update_freq{1};
  double stop_min_lr = -1.0;
  void describe(Visitor& v);
};

/// Where checkpoints go, which are kept, how a run resumes, early stopping.
struct CheckpointOptions {
  std::string save_dir = "checkpoints";
  std::string restore_file = "checkpoint_last.pt";
  std::optional<std::string> finetune_from_model;
  bool reset_dataloader = false;
  bool reset_lr_scheduler = false;
  bool reset_meters = false;
  bool reset_optimizer = false;
  std::string optimizer_overrides = "{}";
  std::int64_t save_interval = 1;
  std::int64_t save_interval_updates = 0;
  std::int64_t keep_interval_updates = -1;
  std::int64_t keep_interval_updates_pattern = -1;
  std::int64_t keep_last_epochs = -1;
  std::int64_t keep_best_checkpoints = -1;
  bool no_save = false;
  bool no_epoch_checkpoints = false;
  bool no_last_checkpoints = false;
  bool no_save_optimizer_state = false;
  std::string best_checkpoint_metric = "loss";
  bool maximize_best_checkpoint_metric = false;
  std::int64_t patience = -1;
  std::string checkpoint_suffix;
  std::int64_t checkpoint_shard_count = 1;
  bool load_checkpoint_on_all_dp_ranks = false;
  std::string format = "native";
  void describe(Visitor& v);
};

}  // namespace einthoven::config
