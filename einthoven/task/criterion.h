// One training or validation step: what training, validation and verify share.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "einthoven/base/numpy_random.h"
#include "einthoven/config/schema.h"
#include "einthoven/data/batch.h"
#include "einthoven/distributed/group.h"
#include "einthoven/model/model.h"
#include "einthoven/task/criterion_log.h"

namespace einthoven::task {

struct StepContext {
  bool train = true;              ///< false: validation, scores and targets are returned
  NumpyRandom* random = nullptr;  ///< source of masks and layer drops
  const model::ReplayedDraws* replay = nullptr;
  distributed::Group* group = nullptr;  ///< whose embeddings are contrasted; none: only ours
  bool stand_in = false;  ///< the batch counts nothing: this process only takes part in gathering
};

/// What of a loss is computed from the segments of all processes (`all_gather`).
enum class Gathers {
  nothing,
  one_term,    ///< a term, weighted by the rows of this process
  whole_loss,  ///< all of it, equal everywhere: each process counts its share
};

struct StepResult {
  at::Tensor loss;         ///< scalar, summed over the items of the batch, nats, with its graph
  double sample_size = 0;  ///< the trainer divides accumulated gradients by its sum
  /// "loss" first, then its parts ("loss_0", ..., if there are several), then the rest.
  CriterionLog log;
  at::Tensor scores;     ///< [B, K] probabilities (classification, validation only)
  at::Tensor targets;    ///< float32 [B, K]
  model::Output output;  ///< what the model returned
};

/// Binds one objective to the outputs of the models that it trains.
class Criterion {
 public:
  virtual ~Criterion() = default;

  /// Runs the model on the batch (the caller has chosen train() or eval() and the grad mode).
  StepResult operator()(model::Model& model, const data::Batch& batch, const StepContext& context);

  /// The loss of what a model returned for the batch.
  virtual StepResult evaluate(const model::Output& output, const data::Batch& batch,
                              bool train) const = 0;

  /// Values computed from sums over micro-batches, rounded as the reference does
  /// (accuracy to 5 digits, cinc_score to 3).
  virtual std::vector<std::pair<std::string, double>> derived(const Sums& /*sums*/) const {
    return {};
  }

  virtual Gathers gathers() const { return Gathers::nothing; }

  /// True if validation scores are to be collected for AUROC and AUPRC.
  virtual bool wants_auc() const { return false; }
};

/// What a model is given for a batch.
model::Input model_input(const data::Batch& batch, const StepContext& context);

/// Builds what `config["_name"]` names. Unknown keys are a config error unless `lenient`.
std::unique_ptr<Criterion> build_criterion(const config::Value& config, bool lenient = false);

/// Criterion name -> its options (see model::model_schemas).
std::vector<std::pair<std::string, config::Describe>> criterion_schemas();

}  // namespace einthoven::task
