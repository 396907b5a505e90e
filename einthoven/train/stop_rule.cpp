#include "einthoven/train/stop_rule.h"

#include <fmt/format.h>

#include <algorithm>

namespace einthoven::train {
namespace {

bool every(std::int64_t number, std::int64_t interval) {
  return interval > 0 && number > 0 && number % interval == 0;
}

}  // namespace

std::optional<std::string> stop_reason(const RunOptions& options, const Moment& moment) {
  const auto& limits = options.optimization;
  if (limits.max_update > 0 && moment.updates >= limits.max_update)
    return fmt::format("max_update {} reached", limits.max_update);
  if (limits.stop_time_hours > 0 && moment.training_seconds > limits.stop_time_hours * 3600)
    return fmt::format("stop_time_hours {} reached", limits.stop_time_hours);
  return std::nullopt;
}

bool save_due(const RunOptions& options, const Moment& moment, bool stopping) {
  const auto& rules = options.checkpoint;
  return stopping || (moment.end_of_epoch && every(moment.epoch, rules.save_interval)) ||
         (every(moment.updates, rules.save_interval_updates) && !moment.skipped &&
          moment.updates >= options.dataset.validate_after_updates);
}

bool validation_due(const RunOptions& options, const Moment& moment, bool stopping) {
  const auto& rules = options.dataset;
  const bool due = stopping || (!moment.end_of_epoch && save_due(options, moment, stopping)) ||
                   (moment.end_of_epoch && every(moment.epoch, rules.validate_interval)) ||
                   (every(moment.updates, rules.validate_interval_updates) && !moment.skipped);
  return due && !rules.disable_validation && moment.updates >= rules.validate_after_updates;
}

std::optional<std::int64_t> updates_left(const RunOptions& options, const Moment& moment,
                                         std::int64_t step, std::int64_t steps) {
  const auto& limits = options.optimization;
  std::optional<std::int64_t> left;
  if (limits.max_epoch > 0) left = (limits.max_epoch - moment.epoch + 1) * steps - step;
  if (limits.max_update > 0) {
    const std::int64_t updates = limits.max_update - moment.updates;
    left = left ? std::min(*left, updates) : updates;
  }
  return left;
}

}  // namespace einthoven::train
