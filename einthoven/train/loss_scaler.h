// The factor on the loss that keeps half-precision gradients within range.
#pragma once

#include <cstdint>
#include <optional>

#include "einthoven/config/groups.h"
#include "einthoven/config/value.h"

namespace einthoven::train {

struct LossScalerOptions {
  double initial = 128;
  std::int64_t window = 1 << 14;    ///< updates without overflow before the scale doubles
  double tolerance = 0;             ///< share of overflows since the last change that is tolerated
  std::optional<double> threshold;  ///< the scale does not fall below
  double minimum = 1e-4;            ///< at which training ends
};

/// The window defaults to 2^14 / processes / update_freq of the first epoch, and is divided by
/// common.model_parallel_size. Config error on values that make no sense.
LossScalerOptions loss_scaler_options(const config::CommonOptions& common, std::int64_t processes,
                                      std::int64_t update_freq);

/// The dynamic scale of fairseq (DynamicLossScaler): doubled after every `window` updates without
/// overflow, halved by an overflow.
class LossScaler {
 public:
  explicit LossScaler(const LossScalerOptions& options);

  double scale() const { return scale_; }
  void set_scale(double scale) { scale_ = scale; }
  /// After an update.
  void grow();
  /// After an update that was skipped. False, and no change, if the scale would reach the minimum.
  bool shrink();

  /// The counters; with the scale they decide about every later one.
  config::Value state() const;
  void load(const config::Value& state);

 private:
  LossScalerOptions options_;
  double scale_;
  std::int64_t updates_ = 0;
  std::int64_t last_overflow_ = -1;
  std::int64_t last_change_ = -1;
  std::int64_t overflows_ = 0;  ///< since the last change
};

}  // namespace einthoven::train
