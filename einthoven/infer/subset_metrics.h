// How well a classifier does on one subset, with bootstrap intervals.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/metric/bootstrap.h"

namespace einthoven::infer {

/// Probabilities and 0/1 targets, `[rows, labels]` row by row, with the patient (or recording) of
/// each row; rows of one patient are drawn together.
struct ScoredRows {
  std::size_t labels = 0;
  std::vector<double> scores;
  std::vector<std::uint8_t> targets;
  std::vector<std::size_t> groups;  ///< empty: every row stands alone

  std::size_t rows() const { return labels == 0 ? 0 : scores.size() / labels; }
};

struct NamedInterval {
  std::string name;
  metric::Interval value;
};

struct LabelMetrics {
  std::string label;
  std::size_t positives = 0;
  std::vector<NamedInterval> metrics;  ///< auroc, auprc
};

/// Over all labels: auroc and auprc (macro: mean over labels where defined; micro: all entries as
/// one list, which the reference prints), accuracy, em_accuracy, f1 at threshold 0.5.
std::vector<NamedInterval> overall_metrics(const ScoredRows& rows,
                                           const metric::BootstrapOptions& options);

std::vector<LabelMetrics> label_metrics(const ScoredRows& rows,
                                        const std::vector<std::string>& labels,
                                        const metric::BootstrapOptions& options);

}  // namespace einthoven::infer
