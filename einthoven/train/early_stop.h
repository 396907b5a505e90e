// Ends a run that has stopped improving.
#pragma once

#include <cstdint>
#include <optional>

#include "einthoven/config/value.h"

namespace einthoven::train {

/// Counts validations without strict improvement of the watched value.
class EarlyStop {
 public:
  /// `patience` <= 0: never stops.
  EarlyStop(std::int64_t patience, bool maximize) : patience_(patience), maximize_(maximize) {}

  /// The value of a validation; none: nothing was validated.
  void count(std::optional<double> value);
  /// True once `patience` validations in a row have not improved.
  bool has_stopped() const { return patience_ > 0 && failures_ >= patience_; }

  config::Value state() const;
  void load(const config::Value& state);

 private:
  std::int64_t patience_;
  bool maximize_;
  std::optional<double> best_;
  std::int64_t failures_ = 0;
};

}  // namespace einthoven::train
