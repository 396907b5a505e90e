#include "einthoven/checkpoint/native.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <nlohmann/json.hpp>
#include <set>

#include "einthoven/base/error.h"
#include "einthoven/base/hash.h"
#include "einthoven/checkpoint/atomic_folder.h"
#include "einthoven/checkpoint/safetensors.h"
#include "einthoven/config/yaml.h"

namespace einthoven::checkpoint {
namespace {

using config::Value;

constexpr const char* kModel = "model.safetensors";
constexpr const char* kConfig = "config.yaml";
constexpr const char* kState = "state.yaml";
constexpr const char* kOptimizer = "optimizer.safetensors";
constexpr const char* kDigest = "digest.json";
constexpr int kFormatVersion = 1;
constexpr int kReadAttempts = 5;

std::string moment_name(std::size_t index, const char* moment) {
  return fmt::format("{}.{}", index, moment);
}

Value optimizer_value(const OptimizerState& optimizer) {
  Value steps = Value::array();
  for (const auto& entry : optimizer.entries)
    steps.push_back(entry.exp_avg.defined() ? Value(entry.step) : Value(nullptr));
  Value value = {{"group", optimizer.group},
                 {"parameter_count", optimizer.parameter_count},
                 {"steps", std::move(steps)}};
  if (optimizer.loss_scale) value["loss_scale"] = *optimizer.loss_scale;
  return value;
}

StateDict optimizer_tensors(const OptimizerState& optimizer) {
  StateDict tensors;
  for (std::size_t i = 0; i < optimizer.entries.size(); ++i) {
    if (!optimizer.entries[i].exp_avg.defined()) continue;
    tensors.set(moment_name(i, "exp_avg"), optimizer.entries[i].exp_avg);
    tensors.set(moment_name(i, "exp_avg_sq"), optimizer.entries[i].exp_avg_sq);
  }
  return tensors;
}

OptimizerState read_optimizer(const Value& value, const fs::path& folder) {
  OptimizerState optimizer;
  optimizer.group = value.at("group");
  optimizer.parameter_count = value.at("parameter_count").get<std::int64_t>();
  if (value.contains("loss_scale")) optimizer.loss_scale = value["loss_scale"].get<double>();
  const StateDict tensors = read_safetensors(folder / kOptimizer);
  const auto tensor = [&](std::size_t index, const char* moment) {
    const at::Tensor* found = tensors.find(moment_name(index, moment));
    if (found == nullptr)
      throw checkpoint_error((folder / kOptimizer).string(), moment_name(index, moment),
                             "is missing");
    return *found;
  };
  for (const auto& step : value.at("steps")) {
    const std::size_t index = optimizer.entries.size();
    OptimizerState::Entry entry;
    if (!step.is_null())
      entry = {step.get<std::int64_t>(), tensor(index, "exp_avg"), tensor(index, "exp_avg_sq")};
    optimizer.entries.push_back(std::move(entry));
  }
  return optimizer;
}

void write_digest(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.insert(entry.path().filename().string());
  Value files = Value::object();
  for (const std::string& name : names) files[name] = sha256_file(folder / name);
  const Value digest = {{"format", "einthoven-checkpoint"},
                        {"version", kFormatVersion},
                        {"sha256", std::move(files)}};
  write_file_atomically(folder / kDigest, digest.dump(2) + "\n");
}

void verify_digest(const fs::path& folder, Parts parts) {
  const std::string source = (folder / kDigest).string();
  const Value digest = Value::parse(read_file(source, 1 << 20), nullptr, false);
  if (!digest.is_object() || digest.value("format", "") != "einthoven-checkpoint" ||
      !digest.contains("sha256") || !digest["sha256"].is_object())
    throw checkpoint_error(source, "format", "is not the digest of a checkpoint");
  if (digest.value("version", 0) != kFormatVersion)
    throw checkpoint_error(
        source, "version",
        fmt::format("got {}, want {}", digest.value("version", 0), kFormatVersion));
  std::set<std::string> present;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name == kDigest) continue;
    present.insert(name);
    if (!digest["sha256"].contains(name))
      throw checkpoint_error(folder.string(), name, "is not in the digest");
    if (parts == Parts::without_optimizer && name == kOptimizer) continue;
    if (digest["sha256"][name] != sha256_file(entry.path()))
      throw checkpoint_error(folder.string(), name, "damaged: SHA-256 differs from the digest");
  }
  for (const auto& [name, sum] : digest["sha256"].items())
    if (!present.contains(name)) throw checkpoint_error(folder.string(), name, "is missing");
}

Checkpoint read_once(const fs::path& folder, Parts parts) {
  try {
    verify_digest(folder, parts);
    Checkpoint checkpoint;
    checkpoint.model = read_safetensors(folder / kModel);
    checkpoint.config = config::read_yaml(folder / kConfig);
    const Value state = config::read_yaml(folder / kState);
    checkpoint.optimizer_history = state.at("optimizer_history");
    checkpoint.extra = state.at("extra");
    if (parts == Parts::all && state.contains("optimizer"))
      checkpoint.optimizer = read_optimizer(state["optimizer"], folder);
    return checkpoint;
  } catch (const nlohmann::json::exception&) {
    throw checkpoint_error(folder.string(), "digest or state", "malformed");
  }
}

}  // namespace

bool is_native(const fs::path& folder) { return fs::exists(folder / kDigest); }

Checkpoint read_native(const fs::path& folder, Parts parts) {
  for (int attempt = 1;; ++attempt) {
    const std::uint64_t before = folder_identity(folder);
    try {
      Checkpoint checkpoint = read_once(folder, parts);
      if (folder_identity(folder) == before) return checkpoint;
    } catch (const std::exception&) {
      if (folder_identity(folder) == before || attempt == kReadAttempts) throw;
    }
    if (attempt == kReadAttempts)
      throw checkpoint_error(folder.string(), "folder", "is being replaced again and again");
  }
}

void write_native(const fs::path& folder, const Checkpoint& checkpoint) {
  AtomicFolder target(folder);
  const fs::path& path = target.path();
  write_safetensors(path / kModel, checkpoint.model);
  write_file_atomically(path / kConfig, config::format_yaml(checkpoint.config));
  Value state = {{"optimizer_history", checkpoint.optimizer_history}, {"extra", checkpoint.extra}};
  if (checkpoint.optimizer) {
    state["optimizer"] = optimizer_value(*checkpoint.optimizer);
    write_safetensors(path / kOptimizer, optimizer_tensors(*checkpoint.optimizer));
  }
  write_file_atomically(path / kState, config::format_yaml(state));
  write_digest(path);
  target.commit();
}

}  // namespace einthoven::checkpoint
