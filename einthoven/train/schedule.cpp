#include "einthoven/train/schedule.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/load.h"

namespace einthoven::train {
namespace {

constexpr char kGroup[] = "lr_scheduler";

void require(bool holds, const char* key, const char* want) {
  if (!holds) throw config_error(fmt::format("{}.{}: want {}", kGroup, key, want));
}

class Fixed : public Schedule {
 public:
  explicit Fixed(const FixedOptions& options) : options_(options) {
    require(!options.lr.empty(), "lr", "at least one learning rate");
    require(options.warmup_updates >= 0, "warmup_updates", "a number >= 0");
  }
  double lr(std::int64_t epoch, std::int64_t update) const override {
    const double rate = of_epoch(std::max<std::int64_t>(epoch, 1));
    if (update >= options_.warmup_updates) return rate;
    return static_cast<double>(update + 1) / static_cast<double>(options_.warmup_updates) * rate;
  }

 private:
  double of_epoch(std::int64_t epoch) const {
    const auto& rates = options_.lr;
    if (options_.force_anneal && epoch >= *options_.force_anneal)
      return rates.back() * std::pow(options_.lr_shrink, epoch + 1 - *options_.force_anneal);
    return rates[std::min(static_cast<std::size_t>(epoch), rates.size()) - 1];
  }
  FixedOptions options_;
};

class Step : public Schedule {
 public:
  explicit Step(const StepOptions& options) : options_(options) {
    require(!options.lr.empty(), "lr", "a learning rate (of several the first counts)");
    require(options.warmup_updates >= 0, "warmup_updates", "a number >= 0");
    require(options.lr_deacy_period > 0, "lr_deacy_period", "a positive number of updates");
  }
  double lr(std::int64_t, std::int64_t update) const override {
    const double peak = options_.lr[0];
    if (update < options_.warmup_updates) {
      const double start = options_.warmup_init_lr < 0 ? options_.min_lr : options_.warmup_init_lr;
      const double rise = (peak - start) / static_cast<double>(options_.warmup_updates);
      return start + static_cast<double>(update) * rise;
    }
    const std::int64_t periods = (update - options_.warmup_updates) / options_.lr_deacy_period;
    const double factor = std::pow(options_.lr_decay, static_cast<double>(periods));
    return std::max(peak * factor, options_.min_lr);
  }

 private:
  StepOptions options_;
};

class TriStage : public Schedule {
 public:
  explicit TriStage(const TriStageOptions& options) {
    require(options.lr.size() == 1, "lr", "exactly one learning rate");
    require(options.final_lr_scale > 0, "final_lr_scale", "a positive number");
    const auto [warmup, hold, decay] = stages(options);
    require(warmup >= 0 && hold >= 0, "warmup_steps and hold_steps", "numbers >= 0");
    require(decay > 0, "decay_steps", "a positive number of updates (or phase_ratio)");
    warmup_ = warmup;
    hold_end_ = warmup + hold;
    decay_end_ = hold_end_ + decay;
    peak_ = options.lr[0];
    start_ = options.init_lr_scale * peak_;
    end_ = options.final_lr_scale * peak_;
    decay_rate_ = -std::log(options.final_lr_scale) / static_cast<double>(decay);
  }
  double lr(std::int64_t, std::int64_t update) const override {
    if (update < warmup_) {
      const double rise = (peak_ - start_) / static_cast<double>(warmup_);
      return start_ + rise * static_cast<double>(update);
    }
    if (update < hold_end_) return peak_;
    if (update > decay_end_) return end_;
    return peak_ * std::exp(-decay_rate_ * static_cast<double>(update - hold_end_));
  }

 private:
  static std::array<std::int64_t, 3> stages(const TriStageOptions& options) {
    if (!options.phase_ratio)
      return {options.warmup_steps, options.hold_steps, options.decay_steps};
    const auto& ratio = *options.phase_ratio;
    require(ratio.size() == 3, "phase_ratio", "three numbers");
    require(std::abs(ratio[0] + ratio[1] + ratio[2] - 1) < 1e-9, "phase_ratio", "a sum of 1");
    require(options.max_update > 0, "max_update",
            "a positive number with phase_ratio (set optimization.max_update)");
    const auto part = [&](double share) {
      return static_cast<std::int64_t>(static_cast<double>(options.max_update) * share);
    };
    return {part(ratio[0]), part(ratio[1]), part(ratio[2])};
  }

  std::int64_t warmup_, hold_end_, decay_end_;
  double start_, peak_, end_, decay_rate_;
};

template <class Options>
std::unique_ptr<Schedule> from_group(const config::Value& group) {
  Options options;
  config::load(options, group, kGroup);
  return make_schedule(options);
}

}  // namespace

void FixedOptions::describe(config::Visitor& v) {
  v.field("force_anneal", force_anneal, "epoch from which the rate shrinks");
  v.field("lr_shrink", lr_shrink, "factor per epoch once shrinking");
  v.field("warmup_updates", warmup_updates, "updates of linear warm-up");
  v.field("lr", lr, "learning rate of each epoch; the last one repeats",
          {.follows = "optimization.lr"});
}

void StepOptions::describe(config::Visitor& v) {
  v.field("warmup_updates", warmup_updates, "updates of linear warm-up");
  v.field("warmup_init_lr", warmup_init_lr, "rate at the start of warm-up; negative: min_lr");
  v.field("lr", lr, "learning rate after warm-up", {.follows = "optimization.lr"});
  v.field("min_lr", min_lr, "lowest rate");
  v.field("lr_deacy_period", lr_deacy_period, "updates between two decays");
  v.field("lr_decay", lr_decay, "factor of one decay");
}

void TriStageOptions::describe(config::Visitor& v) {
  v.field("warmup_steps", warmup_steps, "updates of linear warm-up");
  v.field("hold_steps", hold_steps, "updates at the full rate");
  v.field("decay_steps", decay_steps, "updates of exponential decay");
  v.field("phase_ratio", phase_ratio, "the three stages as shares of max_update instead");
  v.field("init_lr_scale", init_lr_scale, "first rate as a share of lr");
  v.field("final_lr_scale", final_lr_scale, "last rate as a share of lr");
  v.field("max_update", max_update, "length of the run for phase_ratio",
          {.follows = "optimization.max_update"});
  v.field("lr", lr, "learning rate of the middle stage", {.follows = "optimization.lr"});
}

std::unique_ptr<Schedule> make_schedule(const FixedOptions& options) {
  return std::make_unique<Fixed>(options);
}
std::unique_ptr<Schedule> make_schedule(const StepOptions& options) {
  return std::make_unique<Step>(options);
}
std::unique_ptr<Schedule> make_schedule(const TriStageOptions& options) {
  return std::make_unique<TriStage>(options);
}

std::unique_ptr<Schedule> make_schedule(const config::Value& lr_scheduler) {
  const auto name = lr_scheduler.value("_name", std::string("fixed"));
  if (name == "fixed") return from_group<FixedOptions>(lr_scheduler);
  if (name == "step") return from_group<StepOptions>(lr_scheduler);
  if (name == "tri_stage") return from_group<TriStageOptions>(lr_scheduler);
  const std::array<std::string, 3> known = {"fixed", "step", "tri_stage"};
  throw config_error(
      fmt::format("{}._name: unknown schedule \"{}\"{}", kGroup, name, did_you_mean(name, known)));
}

}  // namespace einthoven::train
