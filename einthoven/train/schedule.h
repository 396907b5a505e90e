// Learning-rate schedules: pure functions of epoch and update, so that a resume needs no state.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/config/visitor.h"

namespace einthoven::train {

/// `fixed`: one rate per epoch (the last repeats), linear warm-up, optional shrinking.
struct FixedOptions {
  std::optional<std::int64_t> force_anneal;
  double lr_shrink = 0.1;
  std::int64_t warmup_updates = 0;
  std::vector<double> lr{0.25};
  void describe(config::Visitor& v);
};

/// `step`: warm-up, then a factor every `lr_deacy_period` updates (spelled as in fairseq-signals).
struct StepOptions {
  std::int64_t warmup_updates = 0;
  double warmup_init_lr = -1;
  std::vector<double> lr{0.25};
  double min_lr = 0;
  std::int64_t lr_deacy_period = 25000;
  double lr_decay = 0.5;
  void describe(config::Visitor& v);
};

/// `tri_stage`: linear warm-up, constant, exponential decay (Park et al. 2019).
struct TriStageOptions {
  std::int64_t warmup_steps = 0;
  std::int64_t hold_steps = 0;
  std::int64_t decay_steps = 0;
  std::optional<std::vector<double>> phase_ratio;
  double init_lr_scale = 0.01;
  double final_lr_scale = 0.01;
  std::int64_t max_update = 0;
  std::vector<double> lr{0.25};
  void describe(config::Visitor& v);
};

class Schedule {
 public:
  virtual ~Schedule() = default;
  /// Rate with which update number `update` (0-based) of epoch `epoch` (1-based) trains.
  virtual double lr(std::int64_t epoch, std::int64_t update) const = 0;
};

/// From the resolved group `lr_scheduler` (`_name`: fixed, step or tri_stage). Config error that
/// names the key if a value makes no sense, e.g. phase ratios that do not sum to 1.
std::unique_ptr<Schedule> make_schedule(const config::Value& lr_scheduler);
std::unique_ptr<Schedule> make_schedule(const FixedOptions& options);
std::unique_ptr<Schedule> make_schedule(const StepOptions& options);
std::unique_ptr<Schedule> make_schedule(const TriStageOptions& options);

}  // namespace einthoven::train
