// Adam and AdamW as one fused pass over each parameter.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/config/visitor.h"

namespace einthoven::train {

/// Where eps stands. `fairseq` (name `adam`): lr sqrt(1-b2^t)/(1-b1^t) m / (sqrt(v) + eps), as the
/// reference; `torch` (name `adamw`): lr/(1-b1^t) m / (sqrt(v)/sqrt(1-b2^t) + eps), Loshchilov and
/// Hutter 2019. Both decay the parameter by lr * weight_decay before the step.
enum class AdamVariant { fairseq, torch };

/// Group `optimizer` with `_name: adam` or `adamw`.
struct AdamOptions {
  std::vector<double> adam_betas{0.9, 0.999};
  double adam_eps = 1e-8;
  double weight_decay = 0;
  bool use_old_adam = false;
  std::vector<double> lr{0.25};
  void describe(config::Visitor& v);
};

class Adam {
 public:
  /// `parameters`: leaves in the order of the model's registration, which is that of the saved
  /// state; those of half precision are computed with in float32. Config error unless 0 <= beta <
  /// 1, eps > 0 and weight_decay >= 0.
  Adam(std::vector<at::Tensor> parameters, const AdamOptions& options,
       AdamVariant variant = AdamVariant::fairseq);

  /// One update from the gradients times `factor` (sizes of batches, clipping: so they are walked
  /// once); parameters without gradient are left alone, as their state.
  void step(double lr, double factor = 1);
  void zero_grad();

  const std::vector<at::Tensor>& parameters() const { return parameters_; }

  /// One entry per parameter (step 0 and undefined tensors: never updated); tensors are shared.
  checkpoint::OptimizerState state() const;
  /// Copies the moments and, as the reference does, the betas, eps and weight decay of the group.
  /// Checkpoint error if a parameter's shape or the number of parameters differs.
  void load(const checkpoint::OptimizerState& state);

 private:
  struct Moments {
    std::int64_t step = 0;
    at::Tensor mean;    ///< exp_avg
    at::Tensor square;  ///< exp_avg_sq
  };
  Moments& begin_update(std::size_t index);

  std::vector<at::Tensor> parameters_;
  std::vector<Moments> moments_;
  AdamOptions options_;
  AdamVariant variant_;
  double last_lr_ = 0;
};

}  // namespace einthoven::train
