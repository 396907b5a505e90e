#include "einthoven/train/early_stop.h"

#include <nlohmann/json.hpp>

namespace einthoven::train {

void EarlyStop::count(std::optional<double> value) {
  if (!value || patience_ <= 0) return;
  if (best_ && !(maximize_ ? *value > *best_ : *value < *best_)) {
    ++failures_;
    return;
  }
  best_ = value;
  failures_ = 0;
}

config::Value EarlyStop::state() const {
  return {{"best", best_ ? config::Value(*best_) : config::Value()}, {"failures", failures_}};
}

void EarlyStop::load(const config::Value& state) {
  best_.reset();
  if (state.contains("best") && state["best"].is_number()) best_ = state["best"].get<double>();
  failures_ = state.value("failures", std::int64_t{0});
}

}  // namespace einthoven::train
