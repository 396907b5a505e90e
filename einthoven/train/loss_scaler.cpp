#include "einthoven/train/loss_scaler.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace einthoven::train {
namespace {

constexpr double kFactor = 2;
constexpr std::int64_t kWindow = 1 << 14;

}  // namespace

LossScalerOptions loss_scaler_options(const config::CommonOptions& common, std::int64_t processes,
                                      std::int64_t update_freq) {
  const std::int64_t window = common.fp16_scale_window.value_or(kWindow / processes / update_freq /
                                                                common.model_parallel_size);
  return {.initial = static_cast<double>(common.fp16_init_scale),
          .window = std::max<std::int64_t>(window, 1),
          .tolerance = common.fp16_scale_tolerance,
          .threshold = common.threshold_loss_scale,
          .minimum = common.min_loss_scale};
}

LossScaler::LossScaler(const LossScalerOptions& options)
    : options_(options), scale_(options.initial) {}

void LossScaler::grow() {
  if ((updates_ - last_overflow_) % options_.window == 0) {
    scale_ *= kFactor;
    last_change_ = updates_;
  }
  ++updates_;
}

bool LossScaler::shrink() {
  const double before = scale_;
  const auto since_change = static_cast<double>(updates_ - last_change_);
  last_overflow_ = updates_;
  if (static_cast<double>(++overflows_) / since_change >= options_.tolerance) {
    scale_ = std::max(scale_ / kFactor, options_.threshold.value_or(0));
    last_change_ = updates_;
    overflows_ = 0;
  }
  if (scale_ <= options_.minimum) {
    scale_ = before;
    return false;
  }
  ++updates_;
  return true;
}

config::Value LossScaler::state() const {
  return {{"updates", updates_},
          {"last_overflow", last_overflow_},
          {"last_change", last_change_},
          {"overflows", overflows_}};
}

void LossScaler::load(const config::Value& state) {
  updates_ = state.at("updates").get<std::int64_t>();
  last_overflow_ = state.at("last_overflow").get<std::int64_t>();
  last_change_ = state.at("last_change").get<std::int64_t>();
  overflows_ = state.at("overflows").get<std::int64_t>();
}

}  // namespace einthoven::train
