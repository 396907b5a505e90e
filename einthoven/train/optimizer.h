// From the gradients of an update to new weights, in any precision.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/distributed/group.h"
#include "einthoven/model/model.h"
#include "einthoven/train/adam.h"
#include "einthoven/train/loss_scaler.h"
#include "einthoven/train/precision.h"
#include "einthoven/train/shards.h"

namespace einthoven::train {

/// The optimizer that `optimizer["_name"]` names, adam or adamw, for `parameters`.
Adam make_optimizer(std::vector<at::Tensor> parameters, const config::Value& optimizer);

/// The parameters of a model that are trained, in its order.
std::vector<at::Tensor> trained_parameters(const model::Model& model);

struct OptimizerOptions {
  Precision precision = Precision::full;
  bool master_weights = true;  ///< half: a float32 copy of the weights is what is stepped
  bool flat_state = true;      ///< half: saved as one vector, as the reference does
  bool sharded = false;        ///< each process keeps its part of state and float32 copy
  LossScalerOptions scaler;    ///< half
};

/// What gradients are to be multiplied by is collected in one factor and applied in step(). Half
/// precision follows the reference's FP16Optimizer and, without master weights,
/// MemoryEfficientFP16Optimizer: the loss is multiplied by a scale before the backward pass; the
/// norm is taken in float32; no 1e-6 in the clipping factor.
class Optimizer {
 public:
  /// Takes the float32 weights of the model; in half precision the model is converted.
  Optimizer(model::Model& model, const config::Value& optimizer, distributed::Group& group,
            const OptimizerOptions& options);

  /// The model's parameters, whose gradients are taken.
  const std::vector<at::Tensor>& parameters() const { return parameters_; }

  /// What a backward pass starts from.
  at::Tensor scaled(const at::Tensor& loss) const;
  void zero_grad();
  void multiply_gradients(double factor);
  /// Returns the norm of the gradients before clipping; not finite: overflow.
  double clip_gradients(double max_norm);
  /// In place of step() after an overflow. False if that is not to be tolerated: in other
  /// precisions, or at the smallest scale.
  bool skip();
  /// Collective if sharded.
  void step(double lr);
  std::optional<double> loss_scale() const;

  /// What a checkpoint holds: state in the reference's layout, float32 weights by name (none where
  /// the model's own are float32). Collective if sharded: the first process has it.
  struct Saved {
    checkpoint::OptimizerState state;
    checkpoint::StateDict weights;
    config::Value scaler;
  };
  Saved saved();
  /// Either layout. Checkpoint error if the parameters differ.
  void load(const checkpoint::OptimizerState& state, const config::Value& scaler);

 private:
  bool copies() const;
  void take_gradients();
  checkpoint::OptimizerState whole_state();

  OptimizerOptions options_;
  std::vector<std::string> names_;
  std::vector<at::Tensor> parameters_;
  Shards shards_;
  std::vector<at::Tensor> masters_;  ///< of the owned parameters; themselves without a copy
  Adam adam_;
  std::optional<LossScaler> scaler_;
  double factor_ = 1;
};

}  // namespace einthoven::train
