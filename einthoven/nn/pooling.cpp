#include "einthoven/nn/pooling.h"

#include <torch/torch.h>

namespace einthoven::nn {

at::Tensor zero_padding(const at::Tensor& x_BND, const at::Tensor& padding_mask_BN) {
  if (!padding_mask_BN.defined()) return x_BND;
  return x_BND.masked_fill(padding_mask_BN.unsqueeze(-1), 0);
}

at::Tensor mean_of_nonzero(const at::Tensor& x_BND) {
  return x_BND.sum(1) / x_BND.count_nonzero(at::IntArrayRef{1});
}

}  // namespace einthoven::nn
