// The layout of fairseq-signals' checkpoints (spec fairseq_models.md, section 14).
#include <torch/torch.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/checkpoint/pt_writer.h"

namespace einthoven::checkpoint {
namespace {

using config::Value;

/// Half precision is saved as float32, as the reference does; integer buffers are kept.
at::Tensor as_saved(const at::Tensor& tensor) {
  const bool narrow = tensor.scalar_type() == at::kHalf || tensor.scalar_type() == at::kBFloat16;
  return narrow ? tensor.to(at::kFloat) : tensor;
}

void write_model(PtWriter& file, const StateDict& model) {
  file.pickle().begin_dict();
  for (const auto& [name, tensor] : model) {
    file.pickle().text(name);
    file.tensor(as_saved(tensor));
  }
  file.pickle().end_dict();
}

void write_tuple(PickleWriter& pickle, const Value& items) {
  pickle.begin_tuple();
  for (const auto& item : items) pickle.value(item);
  pickle.end_tuple();
}

/// {aggregator: [(priority, key, meter class, state), ...]} with tuples as the reference has them.
void write_metrics(PickleWriter& pickle, const Value& metrics) {
  pickle.begin_dict();
  for (const auto& [aggregator, meters] : metrics.items()) {
    pickle.text(aggregator);
    pickle.begin_list();
    for (const auto& meter : meters) write_tuple(pickle, meter);
    pickle.end_list();
  }
  pickle.end_dict();
}

void write_extra(PickleWriter& pickle, const Value& extra) {
  pickle.begin_dict();
  for (const auto& [key, value] : extra.items()) {
    pickle.text(key);
    if (key == "metrics" && value.is_object())
      write_metrics(pickle, value);
    else
      pickle.value(value);
  }
  pickle.end_dict();
}

void write_entry(PtWriter& file, const OptimizerState::Entry& entry) {
  PickleWriter& pickle = file.pickle();
  pickle.begin_dict();
  pickle.text("step");
  pickle.integer(entry.step);
  pickle.text("exp_avg");
  file.tensor(entry.exp_avg);
  pickle.text("exp_avg_sq");
  file.tensor(entry.exp_avg_sq);
  pickle.end_dict();
}

/// The parameters are all of the model, whether they were updated or not.
void write_group(PickleWriter& pickle, const Value& group, std::int64_t parameters) {
  pickle.begin_list();
  pickle.begin_dict();
  for (const auto& [key, value] : group.items()) {
    pickle.text(key);
    if (key == "betas")
      write_tuple(pickle, value);
    else
      pickle.value(value);
  }
  pickle.text("params");
  pickle.begin_list();
  for (std::int64_t i = 0; i < parameters; ++i) pickle.integer(i);
  pickle.end_list();
  pickle.end_dict();
  pickle.end_list();
}

void write_optimizer(PtWriter& file, const OptimizerState& optimizer) {
  PickleWriter& pickle = file.pickle();
  pickle.begin_dict();
  pickle.text("state");
  pickle.begin_dict();
  std::int64_t index = 0;
  for (const auto& entry : optimizer.entries) {
    if (entry.exp_avg.defined()) {
      pickle.integer(index);
      write_entry(file, entry);
    }
    ++index;
  }
  pickle.end_dict();
  pickle.text("param_groups");
  const auto entries = static_cast<std::int64_t>(optimizer.entries.size());
  write_group(pickle, optimizer.group, std::max(optimizer.parameter_count, entries));
  if (optimizer.loss_scale) {
    pickle.text("loss_scale");
    pickle.real(*optimizer.loss_scale);
  }
  pickle.end_dict();
}

/// Settings of ours that change what a model is trained on or computes.
bool has_meaning(const std::string& key) {
  return key.starts_with("legacy_") || key == "pair_by_patient" || key == "bf16";
}

/// The reference refuses keys that it does not know.
bool is_our_own(const std::string& group, const std::string& key) {
  static const std::set<std::string> others = {"checkpoint_activations", "deterministic",
                                               "leakage_check", "zero_sharding"};
  return has_meaning(key) || others.contains(key) || (group == "checkpoint" && key == "format");
}

Value config_for_reference(Value config) {
  if (!config.is_object()) return config;
  for (auto& [name, group] : config.items()) {
    if (!group.is_object()) continue;
    for (auto key = group.begin(); key != group.end();)
      key = is_our_own(name, key.key()) ? group.erase(key) : std::next(key);
  }
  return config;
}

}  // namespace

std::vector<std::string> settings_unknown_to_reference(const Value& config) {
  std::vector<std::string> settings;
  if (!config.is_object()) return settings;
  for (const auto& [name, group] : config.items()) {
    if (!group.is_object()) continue;
    for (const auto& [key, value] : group.items())
      if (has_meaning(key) && value == true) settings.push_back(name + "." + key);
  }
  return settings;
}

void write_reference(const fs::path& path, const Checkpoint& checkpoint) {
  PtWriter file;
  PickleWriter& pickle = file.pickle();
  const Value empty_list = Value::array();
  pickle.begin_dict();
  pickle.text("args");
  pickle.none();
  pickle.text("cfg");
  pickle.value(config_for_reference(checkpoint.config));
  pickle.text("model");
  write_model(file, checkpoint.model);
  pickle.text("criterion");
  pickle.none();
  pickle.text("optimizer_history");
  pickle.value(checkpoint.optimizer_history.is_array() ? checkpoint.optimizer_history : empty_list);
  pickle.text("task_state");
  pickle.value(Value::object());
  pickle.text("extra_state");
  write_extra(pickle, checkpoint.extra);
  if (checkpoint.optimizer) {
    pickle.text("last_optimizer_state");
    write_optimizer(file, *checkpoint.optimizer);
  }
  pickle.end_dict();
  file.save(path);
}

}  // namespace einthoven::checkpoint
