// The validations of a run and the figure that they are judged by.
#include <fmt/format.h>

#include <algorithm>

#include "einthoven/base/error.h"
#include "einthoven/base/random.h"
#include "einthoven/base/strings.h"
#include "einthoven/train/trainer.h"
#include "einthoven/train/validation.h"

namespace einthoven::train {

double Trainer::best_metric_of(const Stats& stats) const {
  const std::string& wanted = options_.checkpoint.best_checkpoint_metric;
  std::vector<std::string> known;
  for (const auto& [name, value] : stats) {
    if (name == wanted) return value;
    known.push_back(name);
  }
  throw config_error(fmt::format("checkpoint.best_checkpoint_metric: validation gives no \"{}\"{}",
                                 wanted, did_you_mean(wanted, known)),
                     "it gives " + join(known, ", "));
}

/// A skipped update after one that was validated changes nothing: its figures stand.
void Trainer::validate_once(std::int64_t updates) {
  if (updates != validated_updates_) {
    known_value_ = validate_all();
    early_stop_.count(known_value_);
  }
  validated_updates_ = updates;
  last_value_ = known_value_;
}

/// Of the first subset: the value of best_checkpoint_metric, which decides what is best.
std::optional<double> Trainer::validate_all() {
  const auto& rules = options_.dataset;
  const auto updates = static_cast<std::uint64_t>(updater_->updates());
  const auto seed =
      static_cast<std::uint64_t>(rules.fixed_validation_seed.value_or(options_.common.seed));
  RandomStream draws(seed, "validation", rules.fixed_validation_seed ? 0 : updates);
  const ValidationOptions options{.seed = draws.bits(),
                                  .max_steps = rules.max_valid_steps,
                                  .loader = options_.loader(),
                                  .device = place_.device,
                                  .precision = precision_of(options_.common),
                                  .processes = &processes_};
  processes_.broadcast(model_->buffers());
  std::optional<double> first;
  for (const ValidSubset& valid : valid_sets_) {
    LogRecord record{.tag = valid.subset.name, .epoch = iterator_.epoch()};
    record.updates = updater_->updates();
    record.end_of_epoch = true;
    record.stats = validate(*task_, *model_, *criterion_, valid.subset, valid.batches, options);
    const double value = best_metric_of(record.stats);
    const bool maximize = options_.checkpoint.maximize_best_checkpoint_metric;
    const auto [best, fresh] = best_of_subset_.try_emplace(valid.subset.name, value);
    if (!fresh)
      best->second = maximize ? std::max(best->second, value) : std::min(best->second, value);
    record.stats.emplace_back("num_updates", static_cast<double>(updates));
    record.stats.emplace_back("best_" + options_.checkpoint.best_checkpoint_metric, best->second);
    log_.write(record);
    if (!first) first = value;
  }
  return first;
}

}  // namespace einthoven::train
