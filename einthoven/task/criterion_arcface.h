// `arcface`: identification by an angular margin.
#pragma once

#include "einthoven/objective/arcface.h"
#include "einthoven/task/criterion.h"

namespace einthoven::task {

struct ArcFaceCriterionOptions {
  double scale = 32;
  double margin = 0.5;
  void describe(config::Visitor& v);
};

class ArcFaceCriterion : public Criterion {
 public:
  explicit ArcFaceCriterion(const ArcFaceCriterionOptions& options)
      : options_{options.scale, options.margin} {}
  StepResult evaluate(const model::Output& output, const data::Batch& batch,
                      bool train) const override;
  /// accuracy of the largest cosine, before the margin.
  std::vector<std::pair<std::string, double>> derived(const Sums& sums) const override;

 private:
  objective::ArcFaceOptions options_;
};

}  // namespace einthoven::task
