#include "einthoven/config/groups.h"

namespace einthoven::config {

void CommonOptions::describe(Visitor& v) {
  v.field("no_progress_bar", no_progress_bar, "print plain lines instead of a progress bar");
  v.field("log_interval", log_interval, "log training statistics every this many updates",
          {.least = 1});
  v.field("log_format", log_format, "form of the log lines",
          {.choices = {"json", "none", "simple", "tqdm", "csv"}});
  v.field("log_file", log_file, "file that receives the log as well");
  v.field("wandb_project", wandb_project, "Weights & Biases project (accepted, not used)");
  v.field("wandb_entity", wandb_entity, "Weights & Biases entity (accepted, not used)");
  v.field("seed", seed, "seed of every random draw");
  v.field("fp16", fp16, "half-precision model with float32 master weights");
  v.field("memory_efficient_fp16", memory_efficient_fp16,
          "half-precision weights without a float32 copy (needs fp16)");
  v.field("fp16_no_flatten_grads", fp16_no_flatten_grads,
          "save the optimizer's state per tensor instead of as one vector");
  v.field("fp16_init_scale", fp16_init_scale, "initial loss scale", {.least = 1});
  v.field("fp16_scale_window", fp16_scale_window,
          "updates without overflow before the loss scale doubles", {.least = 1});
  v.field("fp16_scale_tolerance", fp16_scale_tolerance,
          "share of overflowing updates tolerated before the loss scale shrinks");
  v.field("on_cpu_convert_precision", on_cpu_convert_precision,
          "convert a batch to half precision before it is copied to the device");
  v.field("min_loss_scale", min_loss_scale, "training stops when the loss scale falls below");
  v.field("threshold_loss_scale", threshold_loss_scale, "lower bound of the loss scale");
  v.field("empty_cache_freq", empty_cache_freq,
          "clear the device's memory cache every so many updates (accepted, not used)");
  v.field("all_gather_list_size", all_gather_list_size,
          "bytes per process for exchanged statistics (accepted, not used)");
  v.field("model_parallel_size", model_parallel_size, "divides the window of the loss scale",
          {.least = 1});
  v.field("profile", profile, "record a profile of the run (accepted, not used)");
  v.field("reset_logging", reset_logging, "do not store the logging configuration");
  v.field("suppress_crashes", suppress_crashes,
          "log an error that ends training instead of failing");
  v.field("bf16", bf16, "products and convolutions in bfloat16, weights in float32");
  v.field("deterministic", deterministic,
          "only device kernels that give the same bits every time; an error where there is none");
}

void CommonEvalOptions::describe(Visitor& v) {
  v.field("path", path, "checkpoint to evaluate");
  v.field("quiet", quiet, "print only the final figures");
  v.field("model_overrides", model_overrides,
          "Python dict whose entries replace those of the checkpoint's configuration");
  v.field("extract", extract, "tensors to write",
          {.choices = {"output", "encoder_out", "saliency", "embedding", "attn_max"}});
  v.field("results_path", results_path, "folder of the extracted tensors");
}

void DistributedOptions::describe(Visitor& v) {
  v.field("distributed_world_size", distributed_world_size, "processes of the run");
  v.field("distributed_rank", distributed_rank, "number of this process");
  v.field("distributed_backend", distributed_backend, "communication backend");
  v.field("distributed_init_method", distributed_init_method,
          "where the processes meet, e.g. tcp://host:port");
  v.field("distributed_port", distributed_port, "port of the meeting point");
  v.field("device_id", device_id, "number of the device to use");
  v.field("ddp_comm_hook", ddp_comm_hook, "compression of exchanged gradients",
          {.choices = {"none", "fp16"}});
  v.field("bucket_cap_mb", bucket_cap_mb, "size of a gradient bucket in MB");
  v.field("fix_batches_to_gpus", fix_batches_to_gpus,
          "do not move batches between processes (accepted, not used)");
  v.field("find_unused_parameters", find_unused_parameters,
          "allow parameters without a gradient in a step (they are always allowed)");
  v.field("heartbeat_timeout", heartbeat_timeout,
          "a process that is silent for this many seconds is dead (-1: 600)");
  v.field("broadcast_buffers", broadcast_buffers,
          "copy buffers (running statistics) from process 0 before each step");
  v.field("fp16", fp16, "as common.fp16", {.follows = "common.fp16"});
  v.field("memory_efficient_fp16", memory_efficient_fp16, "as common.memory_efficient_fp16",
          {.follows = "common.memory_efficient_fp16"});
  v.field("zero_sharding", zero_sharding,
          "os: each process keeps its part of the optimizer's state (ZeRO-1)",
          {.choices = {"none", "os"}});
}

void DatasetOptions::describe(Visitor& v) {
  v.field("num_workers", num_workers, "threads that load data (0: load in the training thread)",
          {.least = 0});
  v.field("skip_invalid_size_inputs_valid_test", skip_invalid_size_inputs_valid_test,
          "skip recordings of unsuitable length in validation");
  v.field("max_tokens", max_tokens, "most samples of signal in a batch (items x longest item)",
          {.least = 1});
  v.field("batch_size", batch_size, "most items in a batch (pairs of segments for CMSC)",
          {.least = 1});
  v.field("required_batch_size_multiple", required_batch_size_multiple,
          "batches larger than this are rounded down to a multiple of it", {.least = 1});
  v.field("data_buffer_size", data_buffer_size, "batches loaded in advance", {.least = 0});
  v.field("train_subset", train_subset, "manifest to train on");
  v.field("valid_subset", valid_subset, "manifests to validate on, separated by commas");
  v.field("combine_valid_subsets", combine_valid_subsets,
          "validate on all manifests valid, valid1, ... as one");
  v.field("ignore_unused_valid_subsets", ignore_unused_valid_subsets,
          "do not complain about validation manifests that are not listed");
  v.field("validate_interval", validate_interval, "validate every this many epochs");
  v.field("validate_interval_updates", validate_interval_updates,
          "validate every this many updates (0: only by epochs)");
  v.field("validate_after_updates", validate_after_updates,
          "no validation before this many updates");
  v.field("fixed_validation_seed", fixed_validation_seed, "seed set before each validation");
  v.field("disable_validation", disable_validation, "never validate");
  v.field("max_tokens_valid", max_tokens_valid, "as max_tokens, in validation",
          {.least = 1, .follows = "dataset.max_tokens"});
  v.field("batch_size_valid", batch_size_valid, "as batch_size, in validation",
          {.least = 1, .follows = "dataset.batch_size"});
  v.field("max_valid_steps", max_valid_steps, "most batches of one validation");
  v.field("curriculum", curriculum, "do not shuffle during this many first epochs");
  v.field("num_shards", num_shards, "parts of the training data (accepted, not used)");
  v.field("shard_id", shard_id, "part to train on (accepted, not used)");
  v.field("leakage_check", leakage_check,
          "what to do if training shares a recording or patient with validation or test*.tsv",
          {.choices = {"error", "warn", "off"}});
}

void OptimizationOptions::describe(Visitor& v) {
  v.field("max_epoch", max_epoch, "stop after this many epochs (0: no limit)", {.least = 0});
  v.field("max_update", max_update, "stop after this many updates (0: no limit)", {.least = 0});
  v.field("lr", lr, "learning rate of the first epochs, one per epoch; the last one stays",
          {.least = 0});
  v.field("stop_time_hours", stop_time_hours, "stop after this many hours (0: no limit)",
          {.least = 0});
  v.field("clip_norm", clip_norm, "largest norm of the gradient (0: no clipping)", {.least = 0});
  v.field("update_freq", update_freq,
          "batches accumulated into one update, one number per epoch; the last one stays",
          {.least = 1});
  v.field("stop_min_lr", stop_min_lr, "stop when the learning rate is this small");
}

void CheckpointOptions::describe(Visitor& v) {
  v.field("save_dir", save_dir, "folder of the checkpoints");
  v.field("restore_file", restore_file, "checkpoint to resume from");
  v.field("finetune_from_model", finetune_from_model,
          "checkpoint whose weights alone are loaded when there is none to resume from");
  v.field("reset_dataloader", reset_dataloader, "start at the first batch when resuming");
  v.field("reset_lr_scheduler", reset_lr_scheduler,
          "do not load the schedule's state (none of ours has one: the updates decide)");
  v.field("reset_meters", reset_meters, "do not load the statistics");
  v.field("reset_optimizer", reset_optimizer, "do not load the optimizer's state");
  v.field("optimizer_overrides", optimizer_overrides,
          "Python dict of optimizer options to replace after loading");
  v.field("save_interval", save_interval, "save every this many epochs", {.least = 1});
  v.field("save_interval_updates", save_interval_updates,
          "save (and validate) every this many updates (0: only by epochs)");
  v.field("keep_interval_updates", keep_interval_updates,
          "keep the last this many checkpoints saved by updates (-1: all)");
  v.field("keep_interval_updates_pattern", keep_interval_updates_pattern,
          "never delete those whose update is a multiple of this (-1: none)");
  v.field("keep_last_epochs", keep_last_epochs,
          "keep the last this many epochs' checkpoints (-1: all)");
  v.field("keep_best_checkpoints", keep_best_checkpoints,
          "keep this many best checkpoints (-1: one)");
  v.field("no_save", no_save, "write no checkpoint");
  v.field("no_epoch_checkpoints", no_epoch_checkpoints, "write only the last and best checkpoints");
  v.field("no_last_checkpoints", no_last_checkpoints, "do not write checkpoint_last");
  v.field("no_save_optimizer_state", no_save_optimizer_state, "leave out the optimizer's state");
  v.field("best_checkpoint_metric", best_checkpoint_metric,
          "validation figure that decides which checkpoint is best");
  v.field("maximize_best_checkpoint_metric", maximize_best_checkpoint_metric,
          "the largest value is best, not the smallest");
  v.field("patience", patience, "stop after this many validations without improvement (-1: never)");
  v.field("checkpoint_suffix", checkpoint_suffix, "added to the names of checkpoints");
  v.field("checkpoint_shard_count", checkpoint_shard_count,
          "files of one checkpoint (accepted, not used)");
  v.field("load_checkpoint_on_all_dp_ranks", load_checkpoint_on_all_dp_ranks,
          "every process reads the checkpoint itself (accepted, not used)");
  v.field("format", format, "native (folders) or reference (.pt files of fairseq-signals)",
          {.choices = {"native", "reference"}});
}

}  // namespace einthoven::config
