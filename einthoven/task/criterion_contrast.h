// Criteria that contrast the embeddings of whole segments.
#pragma once

#include "einthoven/objective/pair_contrast.h"
#include "einthoven/task/criterion.h"

namespace einthoven::task {

/// `cmsc`, `3kg` and `simclr`.
struct ContrastCriterionOptions {
  double temp = 0.1;
  double eps = 1e-8;
  bool all_gather = false;
  void describe(config::Visitor& v);
};

enum class ContrastKind { cmsc, three_kg, simclr };

/// The loss over `Output::embedding_BD`. Sample size: positive pairs for cmsc, views for the
/// others.
class ContrastCriterion : public Criterion {
 public:
  ContrastCriterion(const ContrastCriterionOptions& options, ContrastKind kind)
      : contrast_{options.temp, options.eps}, kind_(kind), all_gather_(options.all_gather) {}
  StepResult evaluate(const model::Output& output, const data::Batch& batch,
                      bool train) const override;
  Gathers gathers() const override { return all_gather_ ? Gathers::whole_loss : Gathers::nothing; }

 private:
  objective::PairContrast loss(const model::Output& output, const data::Batch& batch) const;

  objective::ContrastOptions contrast_;
  ContrastKind kind_;
  bool all_gather_;
};

}  // namespace einthoven::task
