// Metrics of several labels at once.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "einthoven/metric/matrix.h"

namespace einthoven::metric {

/// Outcomes of yes-or-no decisions.
struct BinaryCounts {
  std::int64_t true_positives = 0;
  std::int64_t false_positives = 0;
  std::int64_t false_negatives = 0;
  std::int64_t true_negatives = 0;

  double accuracy() const;
  double precision() const;  ///< NaN if nothing was predicted
  double recall() const;     ///< NaN without positives
  double specificity() const;
  double f1() const;  ///< 2 TP / (2 TP + FP + FN); NaN if that is 0/0
};

BinaryCounts count_binary(std::span<const std::uint8_t> labels,
                          std::span<const std::uint8_t> predictions);

/// 1 where a score is above the threshold.
std::vector<std::uint8_t> above(std::span<const double> scores, double threshold);

/// Share of rows where every label is right.
double exact_match_accuracy(const Labels& labels, const Labels& predictions);

using BinaryMetric = std::function<double(std::span<const std::uint8_t>, std::span<const double>)>;

/// One value per label.
std::vector<double> per_label(const Labels& labels, const Scores& scores,
                              const BinaryMetric& metric);
/// The metric over all entries as one long list.
double micro(const Labels& labels, const Scores& scores, const BinaryMetric& metric);
/// Mean of the values that are defined; NaN if none is.
double mean_defined(std::span<const double> values);

}  // namespace einthoven::metric
