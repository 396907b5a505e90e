#include "einthoven/nn/feed_forward.h"

#include <torch/torch.h>

#include <vector>

#include "einthoven/nn/gelu.h"
#include "einthoven/nn/gemm.h"

namespace einthoven::nn {
namespace {

at::Tensor product(const at::Tensor& a, const at::Tensor& b, const at::Tensor& bias = {}) {
  auto c = torch::empty({a.size(0), b.size(1)}, a.options());
  multiply(a, PackedMatrix(b), bias, c);
  return c;
}

/// Saved: the input, the hidden values before the GELU, both weights.
struct FeedForward : torch::autograd::Function<FeedForward> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x,
                            const at::Tensor& weight1, const at::Tensor& bias1,
                            const at::Tensor& weight2, const at::Tensor& bias2) {
    auto hidden = product(rows_of(x), weight1.t(), bias1);
    const auto activated = gelu_of(hidden);
    context->save_for_backward({x, hidden, weight1, weight2});
    return product(activated, weight2.t(), bias2).view(x.sizes());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &x = saved[0], &hidden = saved[1], &weight1 = saved[2], &weight2 = saved[3];
    const auto of_output = rows_of(gradients[0]);
    auto of_hidden = product(of_output, weight2);
    const auto activated = gelu_backward_(of_hidden, hidden);
    torch::autograd::variable_list result(5);
    result[3] = product(of_output.t(), activated);
    result[4] = of_output.sum(0);
    result[1] = product(of_hidden.t(), rows_of(x));
    result[2] = of_hidden.sum(0);
    result[0] = product(of_hidden, weight1).view(x.sizes());
    return result;
  }
};

/// The hidden values of some rows are far fewer than those of all.
at::Tensor by_blocks(const at::Tensor& x, Linear& first, Linear& second) {
  std::vector<at::Tensor> blocks;
  for (const at::Tensor& block : rows_of(x).split(enough_rows())) {
    auto hidden = first(block);
    gelu_in_place(hidden);
    blocks.push_back(second(hidden));
  }
  return (blocks.size() == 1 ? blocks[0] : torch::cat(blocks)).view(x.sizes());
}

}  // namespace

at::Tensor feed_forward(const at::Tensor& x, Linear& first, Linear& second, double dropout) {
  if (dropout == 0 && !first->is_frozen() && multiplies_itself(x, first->weight))
    return FeedForward::apply(x, first->weight, first->bias, second->weight, second->bias);
  if (first->is_frozen())
    return x.device().is_cpu() ? by_blocks(x, first, second) : second(torch::gelu(first(x)));
  auto hidden = torch::gelu(first(x));
  if (dropout > 0) hidden = torch::dropout(hidden, dropout, true);
  return second(hidden);
}

}  // namespace einthoven::nn
