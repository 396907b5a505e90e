// How a training run ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace einthoven::train {

struct TrainResult {
  std::int64_t updates = 0;
  std::int64_t epochs = 0;     ///< finished
  std::optional<double> best;  ///< of best_checkpoint_metric
  bool first = true;           ///< of the run's processes: the one that reports
  std::string reason;          ///< why the run ended
};

}  // namespace einthoven::train
