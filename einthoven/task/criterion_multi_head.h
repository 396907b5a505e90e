// `multi_head_binary_cross_entropy`: every signal has labels for some heads only (grounding of
// ECG-QA).
#pragma once

#include "einthoven/task/criterion_bce.h"

namespace einthoven::task {

struct MultiHeadBceOptions : BceCriterionOptions {
  bool log_per_class = false;
  void describe(config::Visitor& v);
};

/// Wants batches with target_idx. Sample size is 1: the loss is a mean over heads. Counters for the
/// accuracy over all labels, by head with `log_per_class` (cls_<head>_accuracy), and by attribute
/// with per_log_keys [attribute_id] (attribute_id_<n>_accuracy; -1 is skipped). Scores and targets
/// are [M, 1], one list over all heads.
class MultiHeadBceCriterion : public Criterion {
 public:
  /// Config error for a key of per_log_keys other than attribute_id, and for options that this loss
  /// does not have (pos_weight, report_cinc_score).
  explicit MultiHeadBceCriterion(const MultiHeadBceOptions& options);
  StepResult evaluate(const model::Output& output, const data::Batch& batch,
                      bool train) const override;
  std::vector<std::pair<std::string, double>> derived(const Sums& sums) const override;
  bool wants_auc() const override { return options_.report_auc; }

 private:
  MultiHeadBceOptions options_;
};

}  // namespace einthoven::task
