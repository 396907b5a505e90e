#include "einthoven/train/trainer.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <cmath>

#include "einthoven/base/log.h"
#include "einthoven/checkpoint/checkpoint_path.h"
#include "einthoven/model/pretrained.h"
#include "einthoven/task/subset.h"
#include "einthoven/train/exchange.h"
#include "einthoven/train/leakage_check.h"

namespace einthoven::train {
namespace {

data::EpochIterator make_iterator(const RunOptions& options, const task::Subset& subset,
                                  const distributed::Group& processes) {
  const auto seed = static_cast<std::uint64_t>(options.common.seed);
  return data::EpochIterator(task::plan_batches(subset, options.train_limits(), seed),
                             {.seed = seed,
                              .curriculum = options.dataset.curriculum,
                              .shard = processes.rank(),
                              .shards = processes.size()});
}

/// Only the first process writes.
config::CheckpointOptions saving(config::CheckpointOptions options,
                                 const distributed::Group& processes) {
  options.no_save = options.no_save || !processes.is_first();
  return options;
}

/// Random initial weights follow from the seed alone.
std::shared_ptr<model::Model> make_model(config::Value& config, at::Device device) {
  torch::manual_seed(static_cast<std::uint64_t>(config.at("common").value("seed", 1)));
  config::Value& group = config.at("model");
  if (group.contains("model_path") && group["model_path"].is_string())
    if (const auto found = checkpoint::existing_checkpoint(group["model_path"].get<std::string>()))
      group["model_path"] = found->string();
  auto model = model::build_for_training(group);
  model->to(device);
  return model;
}

/// 91632 -> "91,632".
std::string with_thousands(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (auto place = static_cast<std::int64_t>(digits.size()) - 3; place > 0; place -= 3)
    digits.insert(static_cast<std::size_t>(place), ",");
  return digits;
}

std::string describe_model(const config::Value& config, const model::Model& model) {
  std::int64_t all = 0, trained = 0;
  for (const at::Tensor& parameter : model.parameters()) {
    all += parameter.numel();
    if (parameter.requires_grad()) trained += parameter.numel();
  }
  const auto name = [&](const char* group) { return config.at(group).value("_name", ""); };
  return fmt::format("{} with {} on {}: {} parameters, {} trained", name("model"),
                     name("criterion"), name("task"), with_thousands(all), with_thousands(trained));
}

Meters::Derive derive_with(const task::Criterion& criterion) {
  return [&criterion](const task::Sums& sums) { return criterion.derived(sums); };
}

/// After the checks, whose lists are gone when those of the data come.
task::Subset load_training(const task::Task& task, const RunOptions& options,
                           const fs::path& data) {
  check_unlisted_subsets(options, data);
  check_leakage(options, data);
  return task.load(options.dataset.train_subset);
}

}  // namespace

Trainer::Trainer(const config::Value& config, const TrainPlace& place)
    : config_(config),
      place_(place),
      processes_(*place.processes),
      options_(read_run_options(config, processes_.size())),
      task_(task::build_task(config)),
      criterion_(task::build_criterion(config.at("criterion"))),
      model_(make_model(config_, place.device)),
      schedule_(make_schedule(config.at("lr_scheduler"))),
      train_set_(load_training(*task_, options_, config.at("task").value("data", ""))),
      iterator_(make_iterator(options_, train_set_, processes_)),
      checkpoints_(saving(options_.checkpoint, processes_), place.save_dir),
      early_stop_(options_.checkpoint.patience,
                  options_.checkpoint.maximize_best_checkpoint_metric),
      train_meters_(derive_with(*criterion_)),
      inner_meters_(derive_with(*criterion_)),
      log_(options_.common, place.log_folder, !processes_.is_first()) {
  for (const std::string& name : options_.valid_subsets()) {
    ValidSubset valid{.subset = task_->load(name), .batches = {}};
    valid.batches = task::plan_batches(valid.subset, options_.valid_limits(),
                                       static_cast<std::uint64_t>(options_.common.seed));
    valid_sets_.push_back(std::move(valid));
  }
}

OptimizerOptions Trainer::optimizer_options() const {
  const config::CommonOptions& common = options_.common;
  return {.precision = precision_of(common),
          .master_weights = !common.memory_efficient_fp16,
          .flat_state = !common.fp16_no_flatten_grads,
          .sharded = options_.distributed.zero_sharding == "os",
          .scaler = loss_scaler_options(common, processes_.size(),
                                        options_.optimization.update_freq.front())};
}

Updater::Options Trainer::updater_options() const {
  const config::DistributedOptions& distributed = options_.distributed;
  return {.seed = static_cast<std::uint64_t>(options_.common.seed),
          .clip_norm = options_.optimization.clip_norm,
          .device = place_.device,
          .optimizer = optimizer_options(),
          .travel = {.bucket_bytes = distributed.bucket_cap_mb << 20,
                     .as_half = distributed.ddp_comm_hook == "fp16"},
          .broadcast_buffers = distributed.broadcast_buffers,
          .convert_before_copying = options_.common.on_cpu_convert_precision,
          .stand_in =
              [this] {
                const data::Context context{.epoch = iterator_.epoch()};
                data::Loader loader(*train_set_.dataset, train_set_.collate, {iterator_.dummy()},
                                    context, {.num_workers = 0});
                return std::move(*loader.next());
              },
          .before_step = [this] { checkpoints_.await_reader(); }};
}

TrainResult Trainer::run() {
  log_info(describe_model(config_, *model_));
  log_info(fmt::format("{}: {} items, {} batches an epoch", train_set_.name,
                       train_set_.dataset->size(), iterator_.batches_per_epoch()));
  for (const ValidSubset& valid : valid_sets_)
    log_info(fmt::format("{}: {} items, {} batches", valid.subset.name,
                         valid.subset.dataset->size(), valid.batches.size()));
  restore();
  while (!has_ended()) train_epoch();
  if (updater_->updates() != saved_updates_ && !options_.checkpoint.no_last_checkpoints)
    save(std::nullopt);  // save_interval does not divide the epochs
  checkpoints_.finish();
  processes_.wait_for_all();
  log_info(fmt::format("training ended: {}", *end_));
  return {.updates = updater_->updates(),
          .epochs = iterator_.epoch() - 1,
          .best = checkpoints_.best(),
          .first = processes_.is_first(),
          .reason = *end_};
}

bool Trainer::has_ended() {
  if (end_) return true;
  const std::int64_t epoch = iterator_.epoch();
  const std::int64_t last = options_.optimization.max_epoch;
  end_ = stop_reason(options_, moment());
  if (last > 0 && epoch > last) end_ = fmt::format("max_epoch {} reached", last);
  end_without_improvement();
  if (schedule_->lr(epoch, updater_->updates()) <= options_.optimization.stop_min_lr)
    end_ = fmt::format("stop_min_lr {} reached", options_.optimization.stop_min_lr);
  return end_.has_value();
}

void Trainer::end_without_improvement() {
  if (early_stop_.has_stopped())
    end_ = fmt::format("no improvement in {} validations", options_.checkpoint.patience);
}

void Trainer::train_epoch() {
  const std::int64_t epoch = iterator_.epoch();
  const std::size_t freq = options_.update_freq(epoch);
  const auto done = iterator_.position() / (static_cast<std::int64_t>(freq) * processes_.size());
  log_.begin_epoch(epoch, done, steps_per_epoch());
  data::Loader loader(*train_set_.dataset, train_set_.collate, iterator_.remaining(),
                      {.epoch = epoch}, options_.loader());
  for (auto group = await_group(loader, freq); !group.empty() && !end_;
       group = await_group(loader, freq)) {
    const UpdateReport report = train_update(group);
    iterator_.advance(group.size());
    after_update(report);
  }
  log_.end_epoch();
  if (iterator_.end_of_epoch()) iterator_.finish_epoch();
}

/// The time that training stands still for data is logged: it should be next to nothing.
std::vector<data::Batch> Trainer::await_group(data::Loader& loader, std::size_t count) {
  const auto begin = Clock::now();
  auto group = loader.next_group(count);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  for (Meters* meters : {&train_meters_, &inner_meters_})
    meters->duration("load_wall", seconds, kLoadWall, 3);
  return group;
}

UpdateReport Trainer::train_update(const std::vector<data::Batch>& group) {
  const auto begin = Clock::now();
  const UpdateReport report =
      updater_->update(group, iterator_.epoch(), iterator_.full(group.size()));
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  const double clip = options_.optimization.clip_norm;
  const auto updates = static_cast<double>(updater_->updates());
  const double next_lr = schedule_->lr(iterator_.epoch(), updater_->updates());
  for (Meters* meters : {&train_meters_, &inner_meters_}) {
    if (const auto scale = updater_->optimizer().loss_scale())
      meters->average("loss_scale", *scale, 0, 4, kLossScale);
    if (report.skipped) continue;
    add_step(*meters, report.batches);
    meters->event("ups", kSpeed);
    meters->average("num_updates", updates, 0, kExact, kUpdates);
    meters->average("lr", next_lr, 0, kExact, kLearningRate);
    meters->average("gnorm", report.gradient_norm, 1, 3, kGradientNorm);
    if (clip > 0) meters->average("clip", report.gradient_norm > clip ? 100 : 0, 1, 1, kClipped);
    meters->duration("train_wall", seconds, kTrainWall);
  }
  log_.tick();
  return report;
}

void Trainer::report_overflow() const {
  log_info(fmt::format("update {}: gradient overflow, skipped; the loss scale is now {}",
                       updater_->updates(), *updater_->optimizer().loss_scale()));
}

/// Order: the lines of this moment come before its checkpoint, so that a run killed in between
/// writes them again; a resumed run drops lines that are newer than its checkpoint.
void Trainer::after_update(const UpdateReport& report) {
  Moment now = moment();
  now.skipped = report.skipped;
  const Agreement agreed =
      agree(processes_, {.seconds = now.training_seconds, .signaled = signals_.requested()});
  now.training_seconds = agreed.seconds;
  if (report.skipped)
    report_overflow();
  else
    log_inner(now);
  end_ = stop_reason(options_, now);
  last_value_.reset();
  if (validation_due(options_, now, end_.has_value())) validate_once(now.updates);
  end_without_improvement();
  if (now.end_of_epoch) log_epoch();
  const SaveMoment saved{now.epoch, now.updates, now.end_of_epoch, last_value_};
  if (save_due(options_, now, end_.has_value())) save(saved);
  if (agreed.signaled) {
    save(std::nullopt);
    end_ = "stopped by a signal; start the same command again to continue";
  }
}

void Trainer::log_inner(const Moment& now) {
  if (now.updates % options_.common.log_interval != 0) return;
  const auto freq = static_cast<std::int64_t>(options_.update_freq(now.epoch)) * processes_.size();
  LogRecord record{.tag = "train_inner", .epoch = now.epoch, .updates = now.updates};
  record.step = (iterator_.position() + freq - 1) / freq;
  record.steps = steps_per_epoch();
  record.stats = inner_meters_.stats();
  record.stats.emplace_back("wall", std::round(now.training_seconds));
  const double elapsed = now.training_seconds - former_.training_seconds;
  const auto done = static_cast<double>(now.updates - former_.updates);
  if (const auto left = updates_left(options_, now, record.step, record.steps); left && done > 0)
    record.eta_seconds = elapsed / done * static_cast<double>(*left);
  log_.write(record);
  inner_meters_.reset();
}

void Trainer::log_epoch() {
  LogRecord record{.tag = "train", .epoch = iterator_.epoch(), .updates = updater_->updates()};
  record.end_of_epoch = true;
  record.stats = train_meters_.stats();
  record.stats.emplace_back("wall", std::round(training_seconds()));
  log_.write(record);
  train_meters_.reset();
}

std::int64_t Trainer::steps_per_epoch() const {
  const auto freq =
      static_cast<std::int64_t>(options_.update_freq(iterator_.epoch())) * processes_.size();
  return (iterator_.batches_per_epoch() + freq - 1) / freq;
}

Moment Trainer::moment() const {
  return {.epoch = iterator_.epoch(),
          .updates = updater_->updates(),
          .end_of_epoch = iterator_.end_of_epoch(),
          .training_seconds = training_seconds()};
}

double Trainer::training_seconds() const {
  return former_.training_seconds + std::chrono::duration<double>(Clock::now() - start_).count();
}

}  // namespace einthoven::train
