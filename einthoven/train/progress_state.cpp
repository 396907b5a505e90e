#include "einthoven/train/progress_state.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"

namespace einthoven::train {
namespace {

config::Value value_of(const std::optional<double>& number) {
  return number ? config::Value(*number) : config::Value();
}

std::optional<double> number_at(const config::Value& map, const char* key) {
  if (!map.contains(key) || !map[key].is_number()) return std::nullopt;
  return map[key].get<double>();
}

config::Value at_or_null(const config::Value& map, const char* key) {
  return map.is_object() && map.contains(key) ? map[key] : config::Value();
}

data::IteratorState iterator_of(const config::Value& map) {
  data::IteratorState state;
  if (!map.is_object()) return state;
  state.version = map.value("version", state.version);
  state.epoch = map.value("epoch", state.epoch);
  state.iterations_in_epoch = map.value("iterations_in_epoch", state.iterations_in_epoch);
  state.shuffle = map.value("shuffle", state.shuffle);
  return state;
}

}  // namespace

config::Value extra_state(const ProgressState& state) {
  config::Value extra = {{"metrics", {{"train", state.train}, {"train_inner", state.train_inner}}},
                         {"previous_training_time", state.training_seconds},
                         {"train_iterator",
                          {{"version", state.iterator.version},
                           {"epoch", state.iterator.epoch},
                           {"iterations_in_epoch", state.iterator.iterations_in_epoch},
                           {"shuffle", state.iterator.shuffle}}},
                         {"val_loss", value_of(state.last_value)}};
  if (state.best) extra["best"] = *state.best;
  extra["einthoven"] = {{"early_stop", state.early_stop},
                        {"best", state.best_of_subset},
                        {"batches_per_epoch", state.iterator.batches}};
  if (state.loss_scaler.is_object()) extra["einthoven"]["loss_scaler"] = state.loss_scaler;
  return extra;
}

ProgressState progress_state(const config::Value& extra, const config::Value& history) {
  ProgressState state;
  try {
    if (history.is_array() && !history.empty())
      state.updates = history.back().value("num_updates", std::int64_t{0});
    if (!extra.is_object()) return state;
    state.training_seconds = number_at(extra, "previous_training_time").value_or(0);
    state.iterator = iterator_of(at_or_null(extra, "train_iterator"));
    state.last_value = number_at(extra, "val_loss");
    state.best = number_at(extra, "best");
    const config::Value metrics = at_or_null(extra, "metrics");
    state.train = at_or_null(metrics, "train");
    state.train_inner = at_or_null(metrics, "train_inner");
    const config::Value ours = at_or_null(extra, "einthoven");
    state.early_stop = at_or_null(ours, "early_stop");
    state.loss_scaler = at_or_null(ours, "loss_scaler");
    if (ours.is_object()) state.iterator.batches = ours.value("batches_per_epoch", std::int64_t{0});
    const config::Value best = at_or_null(ours, "best");
    for (const auto& [subset, value] : best.items())
      if (value.is_number()) state.best_of_subset[subset] = value.get<double>();
  } catch (const config::Value::exception& error) {
    throw checkpoint_error("checkpoint", "extra_state", error.what());
  }
  return state;
}

}  // namespace einthoven::train
