// Linear maps, with the multiplication of gemm.h where it is faster.
#pragma once

#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include <vector>

namespace einthoven::nn {

/// What linear_maps() can compute with its own kernels: is_plain_float(), see has_own_gemm().
bool multiplies_itself(const at::Tensor& x, const at::Tensor& weight);

/// x [..., K] through each of the maps (weights [N, K], biases [N] or undefined): the outputs
/// [..., N]. The gradient of `x` is summed over the maps within the products.
std::vector<at::Tensor> linear_maps(const at::Tensor& x, const std::vector<at::Tensor>& weights,
                                    const std::vector<at::Tensor>& biases);

/// torch::nn::Linear with that product.
class LinearImpl : public torch::nn::LinearImpl {
 public:
  using torch::nn::LinearImpl::LinearImpl;
  at::Tensor forward(const at::Tensor& x);
};
TORCH_MODULE(Linear);

}  // namespace einthoven::nn
