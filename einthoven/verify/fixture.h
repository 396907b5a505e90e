// A folder of recorded tensors with the checkpoint and the configuration that made them.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/config/value.h"
#include "einthoven/model/model.h"
#include "einthoven/task/criterion.h"
#include "einthoven/verify/comparison.h"

namespace einthoven::verify {

/// Tensors by their name in the fixture, without ".npy".
using Tensors = std::map<std::string, at::Tensor>;

class Fixture {
 public:
  /// The recorded tensors lie in the folder, or where `same_outputs_as` of its config.json points
  /// (the same weights in another file format).
  explicit Fixture(fs::path folder);

  const fs::path& folder() const { return folder_; }
  bool has(const std::string& name) const;
  /// Undefined if the file does not exist.
  at::Tensor tensor(const std::string& name) const;
  /// Names (without ".npy") of all files that begin with `prefix`, sorted; `prefix` may contain
  /// folders ("grad/").
  std::vector<std::string> names(const std::string& prefix) const;
  /// The remark of tensors.json on a tensor, or "".
  std::string note(const std::string& name) const;
  /// Every checkpoint*.pt (or checkpoint.safetensors).
  std::vector<fs::path> checkpoints() const;
  /// config.json if it holds one, else the configuration in the checkpoint.
  config::Value config(const checkpoint::Checkpoint& checkpoint) const;

 private:
  fs::path folder_;
  fs::path tensors_;
  config::Value config_;
  config::Value notes_;
};

/// Options that no checkpoint decides, set so that nothing is dropped at random.
enum class Dropout { as_configured, none };

/// The model of `config["model"]` with the weights of the checkpoint.
std::shared_ptr<model::Model> load_model(const config::Value& config,
                                         const checkpoint::Checkpoint& checkpoint, Dropout dropout,
                                         const std::string& source);

/// The criterion of `config["criterion"]`; a weights file that does not exist here (paths in
/// fixtures are those of another machine) is replaced by the official table.
std::unique_ptr<task::Criterion> load_criterion(const config::Value& config);

}  // namespace einthoven::verify
