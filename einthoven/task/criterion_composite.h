// `composite_criterion`: a weighted sum of criteria over one run of the model.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/task/criterion.h"

namespace einthoven::task {

struct CompositeCriterionOptions {
  std::vector<std::string> criterion_names;
  std::optional<std::vector<double>> loss_weights;
  config::Value args;  ///< options of each criterion by its name
  void describe(config::Visitor& v);
};

/// Each loss is divided by its own sample size; the sample size of the sum is 1. Values of
/// criterion i are logged as "i_NAME" (the reference loses them and refuses weights).
class CompositeCriterion : public Criterion {
 public:
  explicit CompositeCriterion(const CompositeCriterionOptions& options);
  StepResult evaluate(const model::Output& output, const data::Batch& batch,
                      bool train) const override;
  std::vector<std::pair<std::string, double>> derived(const Sums& sums) const override;
  bool wants_auc() const override;

 private:
  std::vector<std::unique_ptr<Criterion>> parts_;
  std::vector<double> weights_;
};

}  // namespace einthoven::task
