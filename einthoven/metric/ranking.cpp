#include "einthoven/metric/ranking.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "einthoven/base/error.h"

namespace einthoven::metric {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// Counts of positives and negatives at or above one distinct score.
struct Step {
  double positives = 0;
  double negatives = 0;
};

/// One step per distinct score, from the highest; NaN scores are refused by an internal error.
std::vector<Step> steps_of(std::span<const std::uint8_t> labels, std::span<const double> scores) {
  if (labels.size() != scores.size())
    throw internal_error("metric: labels and scores differ in size");
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (const double score : scores)
    if (score != score) throw data_error("metric", "scores", "a score is not a number");
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  std::vector<Step> steps;
  Step total;
  for (std::size_t i = 0; i < order.size(); ++i) {
    (labels[order[i]] ? total.positives : total.negatives) += 1;
    const bool last = i + 1 == order.size() || scores[order[i + 1]] != scores[order[i]];
    if (last) steps.push_back(total);
  }
  return steps;
}

}  // namespace

double auroc(std::span<const std::uint8_t> labels, std::span<const double> scores) {
  const auto steps = steps_of(labels, scores);
  if (steps.empty() || steps.back().positives == 0 || steps.back().negatives == 0)
    return kUndefined;
  double ordered_pairs = 0;
  Step previous;
  for (const Step& step : steps) {
    const double below = steps.back().negatives - (previous.negatives + step.negatives) / 2;
    ordered_pairs += (step.positives - previous.positives) * below;
    previous = step;
  }
  return ordered_pairs / (steps.back().positives * steps.back().negatives);
}

double average_precision(std::span<const std::uint8_t> labels, std::span<const double> scores) {
  const auto steps = steps_of(labels, scores);
  if (steps.empty() || steps.back().positives == 0) return kUndefined;
  double sum = 0;
  double before = 0;
  for (const Step& step : steps) {
    const double precision = step.positives / (step.positives + step.negatives);
    sum += (step.positives - before) * precision;
    before = step.positives;
  }
  return sum / steps.back().positives;
}

double precision_recall_area(std::span<const std::uint8_t> labels, std::span<const double> scores) {
  const auto steps = steps_of(labels, scores);
  if (steps.empty() || steps.back().positives == 0) return kUndefined;
  double area = 0;
  double found_before = 0;
  double precision_before = 1;
  for (const Step& step : steps) {
    const double precision = step.positives / (step.positives + step.negatives);
    area += (step.positives - found_before) * (precision + precision_before) / 2;
    found_before = step.positives;
    precision_before = precision;
  }
  return area / steps.back().positives;
}

}  // namespace einthoven::metric
