#include "einthoven/checkpoint/reference_reader.h"

#include <torch/torch.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/key_rules.h"
#include "einthoven/checkpoint/namespace_config.h"
#include "einthoven/checkpoint/plain_value.h"
#include "einthoven/checkpoint/pt_file.h"

namespace einthoven::checkpoint {
namespace {

using config::Value;
using Kind = PickleValue::Kind;

/// The first of `keys` that the top level has, and is not None.
const PickleValue* first_of(const PickleValue& top, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const PickleValue* value = top.get(key);
    if (value != nullptr && !value->is(Kind::none)) return value;
  }
  return nullptr;
}

StateDict read_model(const PtFile& file) {
  const PickleValue& top = file.root();
  if (!top.is_mapping())
    throw checkpoint_error(file.source(), "content", "is not a dictionary of tensors");
  const PickleValue* model = first_of(top, {"model", "state_dict", "model_state_dict"});
  if (model == nullptr || !model->is_mapping()) model = &top;
  StateDict tensors;
  for (std::size_t i = 0; i + 1 < model->items.size(); i += 2) {
    const PickleValue& key = *model->items[i];
    const PickleValue& value = *model->items[i + 1];
    if (!key.is(Kind::text)) throw checkpoint_error(file.source(), "model", "a key is not text");
    if (value.is(Kind::none)) continue;
    tensors.set(key.text, file.tensor(value, key.text));
  }
  if (tensors.empty()) throw checkpoint_error(file.source(), "model", "holds no tensors");
  return rename_keys(tensors, weight_norm_rules());
}

OptimizerState::Entry read_entry(const PtFile& file, const PickleValue& state,
                                 const std::string& name) {
  const PickleValue* first = state.get("exp_avg");
  const PickleValue* second = state.get("exp_avg_sq");
  const PickleValue* step = state.get("step");
  if (first == nullptr || second == nullptr || step == nullptr)
    throw checkpoint_error(file.source(), name, "has no step, exp_avg and exp_avg_sq");
  const Value count = plain_value(file, *step, name + ".step");
  if (!count.is_number()) throw checkpoint_error(file.source(), name, "step is not a number");
  return {count.get<std::int64_t>(), file.tensor(*first, name + ".exp_avg"),
          file.tensor(*second, name + ".exp_avg_sq")};
}

/// One entry per parameter of all groups in order; parameters without a state get an empty one.
std::optional<OptimizerState> read_optimizer(const PtFile& file) {
  const PickleValue* saved = first_of(file.root(), {"last_optimizer_state"});
  if (saved == nullptr) return std::nullopt;
  const PickleValue* states = saved->get("state");
  const PickleValue* groups = saved->get("param_groups");
  if (states == nullptr || !states->is_mapping() || groups == nullptr || groups->items.empty())
    throw checkpoint_error(file.source(), "last_optimizer_state", "has no state and param_groups");
  OptimizerState result;
  std::map<std::int64_t, const PickleValue*> by_index;
  for (std::size_t i = 0; i + 1 < states->items.size(); i += 2)
    by_index[states->items[i]->integer] = states->items[i + 1];
  for (const PickleValue* group : groups->items) {
    const PickleValue* params = group->get("params");
    if (params == nullptr) throw checkpoint_error(file.source(), "param_groups", "has no params");
    for (const PickleValue* param : params->items) {
      const auto found = by_index.find(param->integer);
      const std::string name = "last_optimizer_state." + std::to_string(param->integer);
      result.entries.push_back(found == by_index.end() ? OptimizerState::Entry{}
                                                       : read_entry(file, *found->second, name));
    }
  }
  result.parameter_count = static_cast<std::int64_t>(result.entries.size());
  if (by_index.empty()) result.entries.clear();
  result.group = plain_value(file, *groups->items[0], "param_groups");
  result.group.erase("params");
  if (const PickleValue* scale = first_of(*saved, {"loss_scale"}))
    result.loss_scale = plain_value(file, *scale, "loss_scale").get<double>();
  return result;
}

/// Removes meters that only hold arrays: [priority, key, "AUCMeter", state].
void drop_array_meters(Value& extra) {
  if (!extra.is_object() || !extra.contains("metrics")) return;
  for (auto& [name, meters] : extra["metrics"].items()) {
    Value kept = Value::array();
    for (auto& meter : meters)
      if (!meter.is_array() || meter.size() < 3 || meter[2] != "AUCMeter")
        kept.push_back(std::move(meter));
    meters = std::move(kept);
  }
}

Value read_config(const PtFile& file) {
  if (const PickleValue* cfg = first_of(file.root(), {"cfg"}))
    return plain_value(file, *cfg, "cfg");
  if (const PickleValue* args = first_of(file.root(), {"args"}))
    return config_of_namespace(plain_value(file, *args, "args"));
  return nullptr;
}

}  // namespace

Checkpoint read_reference(const fs::path& path, Parts parts) {
  const PtFile file(path);
  Checkpoint checkpoint;
  checkpoint.model = read_model(file);
  checkpoint.config = read_config(file);
  if (parts == Parts::all) checkpoint.optimizer = read_optimizer(file);
  checkpoint.optimizer_history = Value::array();
  if (const PickleValue* history = first_of(file.root(), {"optimizer_history"}))
    checkpoint.optimizer_history = plain_value(file, *history, "optimizer_history");
  checkpoint.extra = Value::object();
  if (const PickleValue* extra = first_of(file.root(), {"extra_state"}))
    checkpoint.extra = plain_value(file, *extra, "extra_state");
  drop_array_meters(checkpoint.extra);
  return checkpoint;
}

}  // namespace einthoven::checkpoint
