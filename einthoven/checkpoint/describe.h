// What is in a checkpoint, for people and programs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/config/value.h"

namespace einthoven::checkpoint {

struct TensorSummary {
  std::string name;
  std::string type;  ///< "F32", "I64", ...
  std::vector<std::int64_t> shape;
};

struct CheckpointSummary {
  std::string format;  ///< as checkpoint_format()
  std::string model;   ///< cfg.model._name, or empty
  std::string task;    ///< cfg.task._name, or empty
  std::string criterion;
  std::int64_t parameter_count = 0;  ///< elements that are no running statistics
  std::int64_t tensor_bytes = 0;
  std::optional<std::int64_t> updates;  ///< num_updates of the last optimizer
  std::optional<std::int64_t> epoch;
  bool has_optimizer = false;
  std::vector<TensorSummary> tensors;
};

/// Reads the checkpoint (any format) and sums it up.
CheckpointSummary describe_checkpoint(const fs::path& path);

/// All fields as a tree, for --format json.
config::Value to_value(const CheckpointSummary& summary);
/// Lines for a terminal; the tensors follow the head.
std::string to_text(const CheckpointSummary& summary);

}  // namespace einthoven::checkpoint
