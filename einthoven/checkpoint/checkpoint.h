// One checkpoint in memory, whatever file it came from.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/checkpoint/state_dict.h"
#include "einthoven/config/value.h"

namespace einthoven::checkpoint {

/// State of an Adam-like optimizer, one entry per parameter in registration order.
struct OptimizerState {
  struct Entry {
    std::int64_t step = 0;
    at::Tensor exp_avg;
    at::Tensor exp_avg_sq;
  };
  std::vector<Entry> entries;  ///< empty before the first update; undefined tensors: never updated
  std::int64_t parameter_count = 0;  ///< of the group
  config::Value group;               ///< lr, betas, eps, weight_decay, ...
  std::optional<double> loss_scale;
};

struct Checkpoint {
  StateDict model;
  config::Value config;  ///< the effective configuration (groups common, model, task, ...)
  std::optional<OptimizerState> optimizer;
  config::Value optimizer_history;  ///< list of {criterion_name, optimizer_name,
                                    ///< lr_scheduler_state, num_updates}
  config::Value extra;  ///< extra_state: metrics, train_iterator, best, val_loss, our own keys
};

/// Bytes of its tensors that lie in CPU memory.
std::size_t host_bytes(const Checkpoint& checkpoint);

/// The checkpoint in CPU memory. Tensors that lie there already are shared with `checkpoint`, or
/// copied too.
enum class HostTensors { shared, copied };
Checkpoint on_host(const Checkpoint& checkpoint, HostTensors host_tensors);

/// What is read of a checkpoint: the optimizer's state is two thirds of one.
enum class Parts { all, without_optimizer };

/// Reads any checkpoint: reference .pt (zip or old stream), safetensors, native folder; decided by
/// content. `NAME.pt` also finds our folder NAME, and the other way round. Checkpoint error on
/// anything that is not understood; nothing in a file is executed. What is left out is not checked.
Checkpoint read_checkpoint(const fs::path& path, Parts parts = Parts::all);

/// What a folder or file is called: "reference (zip)", "reference (stream)", "safetensors",
/// "native". Checkpoint error if it is none of them.
std::string_view checkpoint_format(const fs::path& path);

/// The reference's .pt (zip, pickle protocol 2), which its trainer loads strictly. Atomic.
void write_reference(const fs::path& path, const Checkpoint& checkpoint);

/// Settings of ours that are on and change what a model is trained on or computes, and that the
/// reference has no key for: write_reference() leaves them out. As "group.key".
std::vector<std::string> settings_unknown_to_reference(const config::Value& config);

/// Our folder: model.safetensors, config.yaml, training state, digest. Atomic: a reader sees the
/// old folder or the new one.
void write_native(const fs::path& folder, const Checkpoint& checkpoint);

}  // namespace einthoven::checkpoint
