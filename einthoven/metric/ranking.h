// Metrics of how scores rank positives above negatives. NaN where a metric is undefined.
#pragma once

#include <cstdint>
#include <span>

namespace einthoven::metric {

/// Area under the receiver operating characteristic: the share of (positive, negative) pairs in
/// order, ties counting half (Mann-Whitney). NaN unless both classes occur.
double auroc(std::span<const std::uint8_t> labels, std::span<const double> scores);

/// Average precision: sum over distinct thresholds of (recall step) x precision. NaN without
/// positives (scikit-learn returns 0 there).
double average_precision(std::span<const std::uint8_t> labels, std::span<const double> scores);

/// Area under the linearly interpolated precision-recall points that start at (recall 0,
/// precision 1); the probe metric of ECG-FM. Not the average precision. NaN without positives.
double precision_recall_area(std::span<const std::uint8_t> labels, std::span<const double> scores);

}  // namespace einthoven::metric
