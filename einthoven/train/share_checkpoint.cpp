#include "einthoven/train/share_checkpoint.h"

#include <torch/types.h>

#include <nlohmann/json.hpp>

namespace einthoven::train {
namespace {

using checkpoint::Checkpoint;
using checkpoint::OptimizerState;
using config::Value;

/// Everything but tensors, of which only the shapes.
Value outline(const std::optional<Checkpoint>& checkpoint) {
  if (!checkpoint) return nullptr;
  Value value = {{"history", checkpoint->optimizer_history}, {"extra", checkpoint->extra}};
  if (!checkpoint->optimizer) return value;
  Value entries = Value::array();
  for (const auto& entry : checkpoint->optimizer->entries)
    entries.push_back(entry.exp_avg.defined() ? Value{entry.step, entry.exp_avg.sizes().vec()}
                                              : Value());
  value["optimizer"] = {{"group", checkpoint->optimizer->group}, {"entries", entries}};
  return value;
}

std::optional<Checkpoint> from_outline(const Value& value) {
  if (value.is_null()) return std::nullopt;
  Checkpoint made;
  made.optimizer_history = value.at("history");
  made.extra = value.at("extra");
  if (!value.contains("optimizer")) return made;
  OptimizerState state;
  state.group = value["optimizer"].at("group");
  for (const Value& entry : value["optimizer"].at("entries")) {
    state.entries.emplace_back();
    if (entry.is_null()) continue;
    const auto shape = entry[1].get<std::vector<std::int64_t>>();
    state.entries.back() = {entry[0].get<std::int64_t>(), torch::zeros(shape), torch::zeros(shape)};
  }
  made.optimizer = std::move(state);
  return made;
}

}  // namespace

void share_checkpoint(distributed::Group& processes, const model::Model& model,
                      std::optional<checkpoint::Checkpoint>& checkpoint) {
  if (processes.size() == 1) return;
  const auto packed = Value::to_msgpack(outline(checkpoint));  // unlike text it holds NaN
  const std::string received = processes.broadcast(std::string(packed.begin(), packed.end()));
  if (!processes.is_first()) checkpoint = from_outline(Value::from_msgpack(received));
  processes.broadcast(model.parameters());
  processes.broadcast(model.buffers());
  if (!checkpoint || !checkpoint->optimizer) return;
  for (const auto& entry : checkpoint->optimizer->entries)
    if (entry.exp_avg.defined()) processes.broadcast({entry.exp_avg, entry.exp_avg_sq});
}

}  // namespace einthoven::train
