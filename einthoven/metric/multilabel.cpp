#include "einthoven/metric/multilabel.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "einthoven/base/error.h"

namespace einthoven::metric {
namespace {

double ratio(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double BinaryCounts::accuracy() const {
  return ratio(true_positives + true_negatives,
               true_positives + true_negatives + false_positives + false_negatives);
}
double BinaryCounts::precision() const {
  return ratio(true_positives, true_positives + false_positives);
}
double BinaryCounts::recall() const {
  return ratio(true_positives, true_positives + false_negatives);
}
double BinaryCounts::specificity() const {
  return ratio(true_negatives, true_negatives + false_positives);
}
double BinaryCounts::f1() const {
  return ratio(2 * true_positives, 2 * true_positives + false_positives + false_negatives);
}

BinaryCounts count_binary(std::span<const std::uint8_t> labels,
                          std::span<const std::uint8_t> predictions) {
  if (labels.size() != predictions.size())
    throw internal_error("metric: labels and predictions differ in size");
  BinaryCounts counts;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (predictions[i])
      ++(labels[i] ? counts.true_positives : counts.false_positives);
    else
      ++(labels[i] ? counts.false_negatives : counts.true_negatives);
  }
  return counts;
}

std::vector<std::uint8_t> above(std::span<const double> scores, double threshold) {
  std::vector<std::uint8_t> result(scores.size());
  std::transform(scores.begin(), scores.end(), result.begin(),
                 [&](double score) { return static_cast<std::uint8_t>(score > threshold); });
  return result;
}

double exact_match_accuracy(const Labels& labels, const Labels& predictions) {
  std::int64_t right = 0;
  for (std::size_t i = 0; i < labels.rows; ++i)
    right += std::ranges::equal(labels.row(i), predictions.row(i));
  return ratio(right, static_cast<std::int64_t>(labels.rows));
}

std::vector<double> per_label(const Labels& labels, const Scores& scores,
                              const BinaryMetric& metric) {
  std::vector<double> values(labels.columns);
  for (std::size_t j = 0; j < labels.columns; ++j)
    values[j] = metric(labels.column(j), scores.column(j));
  return values;
}

double micro(const Labels& labels, const Scores& scores, const BinaryMetric& metric) {
  return metric(labels.values, scores.values);
}

double mean_defined(std::span<const double> values) {
  double sum = 0;
  std::size_t count = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count);
}

}  // namespace einthoven::metric
