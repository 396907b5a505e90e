// Linear maps, with the multiplication of gemm.h where it is faster.
#pragma once

#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include <vector>

#include "einthoven/nn/frozen_linear.h"

namespace einthoven::nn {

/// What linear_maps() can compute with its own kernels: is_plain_float(), see has_own_gemm().
bool multiplies_itself(const at::Tensor& x, const at::Tensor& weight);

/// x [..., K] through each of the maps (weights [N, K], biases [N] or undefined): the outputs
/// [..., N]. The gradient of `x` is summed over the maps within the products.
std::vector<at::Tensor> linear_maps(const at::Tensor& x, const std::vector<at::Tensor>& weights,
                                    const std::vector<at::Tensor>& biases);

/// While it lives, the weights of the Linear layers that this thread makes are left undefined: they
/// are about to be loaded, and to draw them takes longer.
class UndrawnWeights {
 public:
  explicit UndrawnWeights(bool wanted = true);
  ~UndrawnWeights();
  UndrawnWeights(const UndrawnWeights&) = delete;
  UndrawnWeights& operator=(const UndrawnWeights&) = delete;

 private:
  bool before_;
};

/// torch::nn::Linear with that product; weights N(0, 0.02), biases 0 (as BERT).
class LinearImpl : public torch::nn::LinearImpl {
 public:
  LinearImpl(std::int64_t inputs, std::int64_t outputs);
  at::Tensor forward(const at::Tensor& x);

  /// For inference only, and for good: the weight becomes what `precision` needs, and its own
  /// memory is given up.
  void freeze(Precision precision);
  bool is_frozen() const { return static_cast<bool>(frozen_); }

 private:
  FrozenLinear frozen_;
};
TORCH_MODULE(Linear);

/// freeze() of all such layers of a model: those of its transformer.
void freeze_linear_maps(torch::nn::Module& model, Precision precision);

}  // namespace einthoven::nn
