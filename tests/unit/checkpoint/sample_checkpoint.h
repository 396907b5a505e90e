// A small checkpoint with every part, for round trips.
#pragma once

#include <torch/torch.h>

#include <nlohmann/json.hpp>

#include "einthoven/checkpoint/checkpoint.h"

namespace einthoven::checkpoint {

inline Checkpoint sample_checkpoint() {
  Checkpoint checkpoint;
  checkpoint.model.set("b.weight", torch::arange(6, torch::kFloat).reshape({2, 3}));
  checkpoint.model.set("a.num_batches_tracked", torch::tensor(3, torch::kLong));
  checkpoint.config = {{"_name", nullptr},
                       {"common", {{"seed", 1}, {"log_format", "json"}}},
                       {"model", {{"_name", "wav2vec2_cmsc"}, {"dropout", 0.1}, {"in_d", 12}}},
                       {"optimization", {{"lr", config::Value::array({5e-5})}, {"max_update", 0}}}};
  OptimizerState optimizer;
  optimizer.entries.push_back({7, torch::full({2, 3}, 0.5), torch::full({2, 3}, 0.25)});
  optimizer.entries.emplace_back();  // a frozen parameter
  optimizer.parameter_count = 2;
  optimizer.group = {{"lr", 5e-5}, {"betas", {0.9, 0.98}}, {"eps", 1e-6}, {"amsgrad", false}};
  checkpoint.optimizer = optimizer;
  const config::Value update = {{"criterion_name", "Wav2Vec2WithCMSCCriterion"},
                                {"optimizer_name", "Adam"},
                                {"lr_scheduler_state", {{"best", nullptr}}},
                                {"num_updates", 7}};
  checkpoint.optimizer_history = config::Value::array({update});
  const config::Value loss = {10, "loss", "AverageMeter", {{"val", 1.5}, {"count", 2}}};
  checkpoint.extra = {{"metrics", {{"default", config::Value::array({loss})}}},
                      {"train_iterator", {{"version", 2}, {"epoch", 3}}},
                      {"best", 1.0},
                      {"val_loss", nullptr}};
  return checkpoint;
}

inline bool same_tensors(const StateDict& a, const StateDict& b) {
  if (a.size() != b.size()) return false;
  auto other = b.begin();
  for (const auto& [name, tensor] : a) {
    if (other->first != name || !torch::equal(other->second, tensor)) return false;
    ++other;
  }
  return true;
}

inline bool same_optimizer(const OptimizerState& a, const OptimizerState& b) {
  if (a.entries.size() != b.entries.size() || a.group != b.group || a.loss_scale != b.loss_scale ||
      a.parameter_count != b.parameter_count)
    return false;
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    const auto& x = a.entries[i];
    const auto& y = b.entries[i];
    if (x.step != y.step || x.exp_avg.defined() != y.exp_avg.defined()) return false;
    if (x.exp_avg.defined() &&
        (!torch::equal(x.exp_avg, y.exp_avg) || !torch::equal(x.exp_avg_sq, y.exp_avg_sq)))
      return false;
  }
  return true;
}

}  // namespace einthoven::checkpoint
