// `binary_cross_entropy_with_logits`: multi-label classification.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "einthoven/metric/cinc2021.h"
#include "einthoven/objective/binary_cross_entropy.h"
#include "einthoven/task/criterion.h"

namespace einthoven::task {

struct BceCriterionOptions {
  std::optional<std::vector<double>> weight;
  double threshold = 0.5;
  bool report_auc = false;
  std::string auc_average = "macro";
  std::optional<std::vector<double>> pos_weight;
  bool report_cinc_score = false;
  std::optional<std::string> weights_file;
  std::vector<std::string> per_log_keys;
  void describe(config::Visitor& v);
};

/// Sample size is the number of elements of the target. Counters for accuracy, exact match,
/// precision and recall at the threshold, and the sums of the CinC 2021 score.
class BceCriterion : public Criterion {
 public:
  /// Reads `weights_file` if the CinC score is wanted (none given: the official table).
  explicit BceCriterion(const BceCriterionOptions& options);
  StepResult evaluate(const model::Output& output, const data::Batch& batch,
                      bool train) const override;
  /// accuracy, em_accuracy, precision, recall, f1 (of the rounded values), cinc_score.
  std::vector<std::pair<std::string, double>> derived(const Sums& sums) const override;
  bool wants_auc() const override { return options_.report_auc; }

 private:
  void check_classes(std::int64_t classes) const;
  objective::BinaryCrossEntropyOptions weights_on(const at::Tensor& like) const;

  BceCriterionOptions options_;
  std::optional<metric::CincWeights> cinc_;
};

}  // namespace einthoven::task
