// What a checkpoint holds and how a run continues from it.
#include <fmt/format.h>

#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/checkpoint/checkpoint_path.h"
#include "einthoven/checkpoint/load_state.h"
#include "einthoven/config/python_literal.h"
#include "einthoven/train/class_names.h"
#include "einthoven/train/share_checkpoint.h"
#include "einthoven/train/trainer.h"

namespace einthoven::train {
namespace {

/// Weights with the names of `module`; the file is named in errors.
void load_weights(model::Model& module, const checkpoint::Checkpoint& checkpoint,
                  const fs::path& path) {
  checkpoint::LoadRules rules;
  rules.source = path.string();
  checkpoint::load_state(module, checkpoint.model, rules);
}

/// `checkpoint.optimizer_overrides` over the saved group.
void apply_overrides(config::Value& group, const std::string& overrides) {
  const auto given = config::try_parse_python_literal(overrides);
  if (!given || !given->is_object())
    throw config_error("checkpoint.optimizer_overrides: want a Python dict, got " + overrides);
  for (const auto& [key, value] : given->items()) {
    if (!group.contains(key))
      throw config_error(
          fmt::format("checkpoint.optimizer_overrides: the optimizer has no {}", key));
    group[key] = value;
  }
}

std::string last_class(const config::Value& history, const char* key) {
  if (!history.is_array() || history.empty()) return "";
  return history.back().value(key, std::string());
}

}  // namespace

/// What `checkpoint.restore_file` holds and its path. Only the first process reads: its weights
/// take the place of the others', which get the rest here.
std::optional<checkpoint::Checkpoint> Trainer::read_restored(std::string& source) {
  const auto path = processes_.is_first() ? checkpoints_.find_restore() : std::nullopt;
  std::optional<checkpoint::Checkpoint> checkpoint;
  if (path) {
    source = path->string();
    checkpoint = checkpoint::read_checkpoint(*path);
    load_weights(*model_, *checkpoint, *path);
  }
  share_checkpoint(processes_, *model_, checkpoint);
  return checkpoint;
}

void Trainer::start_updater() {
  updater_ = std::make_unique<Updater>(*model_, *criterion_, config_.at("optimizer"), *schedule_,
                                       processes_, updater_options());
}

void Trainer::restore() {
  std::string source;
  const auto found = read_restored(source);
  const auto& rules = options_.checkpoint;
  if (!found) {
    if (rules.finetune_from_model) {
      const auto file = checkpoint::existing_checkpoint(*rules.finetune_from_model);
      if (!file)
        throw io_error(*rules.finetune_from_model, "checkpoint.finetune_from_model: not found");
      load_weights(*model_,
                   checkpoint::read_checkpoint(*file, checkpoint::Parts::without_optimizer), *file);
      log_info(fmt::format("weights of {}", file->string()));
    }
    start_updater();
    log_.rewind(0);
    return;
  }
  start_updater();
  const checkpoint::Checkpoint& checkpoint = *found;
  former_history_ = checkpoint.optimizer_history;
  const ProgressState state = progress_state(checkpoint.extra, checkpoint.optimizer_history);
  if (!rules.reset_optimizer) restore_optimizer(checkpoint, state.loss_scaler);
  if (!rules.reset_optimizer) {
    updater_->set_updates(state.updates);
    former_.updates = state.updates;
  }
  if (!rules.reset_dataloader) iterator_.restore(state.iterator);
  if (!rules.reset_meters) restore_meters(state);
  saved_updates_ = updater_->updates();
  if (rules.reset_optimizer) log_.set_aside();
  log_.rewind(updater_->updates());
  log_info(fmt::format("continues from {} (epoch {}, update {})", source, iterator_.epoch(),
                       updater_->updates()));
}

void Trainer::restore_meters(const ProgressState& state) {
  former_.training_seconds = state.training_seconds;
  best_of_subset_ = state.best_of_subset;
  if (!options_.checkpoint.reset_optimizer) {
    checkpoints_.set_best(state.best);
    known_value_ = state.last_value;
    if (known_value_) validated_updates_ = state.updates;
  }
  if (state.early_stop.is_object()) early_stop_.load(state.early_stop);
  const bool within_epoch = iterator_.position() > 0;
  if (within_epoch && state.train.is_array()) train_meters_.load(state.train);
  if (state.train_inner.is_array()) inner_meters_.load(state.train_inner);
}

void Trainer::restore_optimizer(const checkpoint::Checkpoint& checkpoint,
                                const config::Value& scaler) {
  const config::Value now = history_entry();
  for (const char* key : {"criterion_name", "optimizer_name"}) {
    const std::string saved = last_class(checkpoint.optimizer_history, key);
    if (!saved.empty() && saved != now.at(key).get<std::string>())
      throw config_error(fmt::format("checkpoint.restore_file: its {} is {}, this run's is {}", key,
                                     saved, now.at(key).get<std::string>()),
                         "set checkpoint.reset_optimizer=true to start the optimizer anew");
  }
  if (!checkpoint.optimizer) {
    log_warn(
        "the checkpoint holds no state of the optimizer: its moments start anew, so the run is not "
        "what it would have been without the interruption");
    return;
  }
  checkpoint::OptimizerState state = *checkpoint.optimizer;
  apply_overrides(state.group, options_.checkpoint.optimizer_overrides);
  updater_->optimizer().load(state, scaler);
}

config::Value Trainer::history_entry() const {
  const auto& scheduler = config_.at("lr_scheduler");
  const double lr = schedule_->lr(iterator_.epoch(), updater_->updates());
  config::Value state = {{"lr", lr}};
  if (scheduler.value("_name", std::string()) != "fixed")
    state = {{"best", last_value_ ? config::Value(*last_value_) : config::Value()}};
  return {{"criterion_name", criterion_class(config_.at("criterion").value("_name", ""))},
          {"optimizer_name",
           optimizer_class(config_.at("optimizer").value("_name", ""), options_.common)},
          {"lr_scheduler_state", state},
          {"num_updates", updater_->updates()}};
}

/// Without a moment of the rules (a signal), only checkpoint_last. Every process takes part, as the
/// state may be spread over them.
void Trainer::save(const std::optional<SaveMoment>& moment) {
  saved_updates_ = updater_->updates();
  if (options_.checkpoint.no_save) return;
  const Optimizer::Saved saved = updater_->optimizer().saved();
  const auto make = [&] { return snapshot(saved); };
  if (moment)
    checkpoints_.save(*moment, make);
  else
    checkpoints_.save_last(make);
}

checkpoint::Checkpoint Trainer::snapshot(const Optimizer::Saved& saved) const {
  checkpoint::Checkpoint checkpoint;
  const auto buffers = model_->named_buffers();
  for (const auto& [name, tensor] : checkpoint::state_of(*model_)) {
    const at::Tensor* exact = saved.weights.find(name);
    const bool half = tensor.scalar_type() == at::kHalf;
    const bool changes_in_passes = buffers.contains(name);
    checkpoint.model.set(name, exact != nullptr    ? *exact
                               : half              ? tensor.to(at::kFloat)
                               : changes_in_passes ? tensor.clone()
                                                   : tensor);
  }
  checkpoint.config = config_;
  if (!options_.checkpoint.no_save_optimizer_state) checkpoint.optimizer = saved.state;
  checkpoint.optimizer_history =
      former_history_.is_array() ? former_history_ : config::Value::array();
  checkpoint.optimizer_history.push_back(history_entry());
  ProgressState state;
  state.updates = updater_->updates();
  state.training_seconds = training_seconds();
  state.iterator = iterator_.state();
  state.last_value = last_value_;
  state.best = checkpoints_.best();
  state.best_of_subset = best_of_subset_;
  state.early_stop = early_stop_.state();
  state.loss_scaler = saved.scaler;
  state.train = train_meters_.state();
  state.train_inner = inner_meters_.state();
  checkpoint.extra = extra_state(state);
  return checkpoint;
}

}  // namespace einthoven::train
