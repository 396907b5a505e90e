#include "einthoven/metric/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace einthoven::metric {

double brier_score(std::span<const std::uint8_t> labels, std::span<const double> probabilities) {
  if (labels.empty()) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double difference = probabilities[i] - labels[i];
    sum += difference * difference;
  }
  return sum / static_cast<double>(labels.size());
}

double calibration_error(std::span<const std::uint8_t> labels,
                         std::span<const double> probabilities, std::size_t bins) {
  if (labels.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> excess(bins, 0.0);  // sum of outcome - probability per bin
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double place = std::clamp(probabilities[i], 0.0, 1.0) * static_cast<double>(bins);
    excess[std::min(static_cast<std::size_t>(place), bins - 1)] += labels[i] - probabilities[i];
  }
  double sum = 0;
  for (const double value : excess) sum += std::abs(value);
  return sum / static_cast<double>(labels.size());
}

}  // namespace einthoven::metric
