// Criteria of wav2vec 2.0 pretraining.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "einthoven/objective/pair_contrast.h"
#include "einthoven/task/criterion.h"

namespace einthoven::task {

struct Wav2Vec2CriterionOptions {
  bool infonce = false;
  std::optional<std::vector<double>> loss_weights;
  std::vector<std::string> log_keys;
  void describe(config::Visitor& v);
};

struct Wav2Vec2CmscCriterionOptions : Wav2Vec2CriterionOptions {
  double temp = 0.1;
  double eps = 1e-8;
  bool all_gather = false;
  std::optional<double> cmsc_weights;
  void describe(config::Visitor& v);
};

/// `wav2vec2`: contrastive loss, weighted diversity and feature penalties, each times the number of
/// masked tokens.
class Wav2Vec2Criterion : public Criterion {
 public:
  /// Config error unless `infonce` is set and the log keys are known.
  explicit Wav2Vec2Criterion(const Wav2Vec2CriterionOptions& options);
  StepResult evaluate(const model::Output& output, const data::Batch& batch,
                      bool train) const override;
  /// accuracy: masked tokens whose target is the best of all candidates.
  std::vector<std::pair<std::string, double>> derived(const Sums& sums) const override;

 protected:
  /// Terms after the penalties, each already times the sample size.
  virtual std::vector<at::Tensor> further_terms(const model::Output&, const data::Batch&,
                                                double /*sample_size*/) const {
    return {};
  }

 private:
  std::vector<at::Tensor> penalties(const model::Output& output, double sample_size) const;

  Wav2Vec2CriterionOptions options_;
};

/// `wav2vec2_with_cmsc`: adds CMSC on the pooled encoder output; with all_gather on those of
/// all processes (fairseq-signals has the key but does not heed it here).
class Wav2Vec2CmscCriterion : public Wav2Vec2Criterion {
 public:
  explicit Wav2Vec2CmscCriterion(const Wav2Vec2CmscCriterionOptions& options);
  Gathers gathers() const override { return all_gather_ ? Gathers::one_term : Gathers::nothing; }

 protected:
  std::vector<at::Tensor> further_terms(const model::Output& output, const data::Batch& batch,
                                        double sample_size) const override;

 private:
  objective::ContrastOptions contrast_;
  double weight_;
  bool all_gather_;
};

}  // namespace einthoven::task
