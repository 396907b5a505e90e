#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/nn/checkpointed.h"
#include "einthoven/nn/mixed_precision.h"
#include "einthoven/nn/transformer.h"

namespace einthoven::nn {
namespace {

TransformerOptions small(bool checkpoint) {
  TransformerOptions options;
  options.layers = 3;
  options.width = 16;
  options.feed_forward = 32;
  options.heads = 2;
  options.dropout = options.attention_dropout = options.activation_dropout = 0.3;
  options.checkpoint_activations = checkpoint;
  return options;
}

/// Output and gradients of input and parameters of one pass with dropout.
std::vector<at::Tensor> pass(bool checkpoint, bool narrow) {
  torch::manual_seed(5);
  Transformer model(small(checkpoint));
  at::Tensor x = torch::randn({2, 7, 16}).requires_grad_(true);
  at::Tensor mask = torch::zeros({2, 7}, torch::kBool);
  mask[1][6] = true;
  at::Tensor y;
  {
    const MixedPrecision narrowed({torch::kCPU, narrow, torch::kBFloat16});
    y = model->forward(x, mask, false, nullptr).x_BND;
  }
  const at::Tensor draws_before_backward = torch::rand({1});
  y.to(torch::kFloat).pow(3).sum().backward();  // of squares it would be 0
  std::vector<at::Tensor> found = {y, x.grad(), draws_before_backward, torch::rand({1})};
  for (const auto& parameter : model->parameters()) found.push_back(parameter.grad());
  return found;
}

void check_equal(bool narrow) {
  const auto kept = pass(false, narrow), again = pass(true, narrow);
  REQUIRE(kept.size() == again.size());
  for (std::size_t i = 0; i < kept.size(); ++i) CHECK(torch::equal(kept[i], again[i]));
}

}  // namespace

TEST_CASE("checkpointed layers with dropout give the same bits, and draw no more numbers") {
  check_equal(/*narrow=*/false);
}

TEST_CASE("checkpointed layers compute again in the precision of the first time") {
  check_equal(/*narrow=*/true);
}

TEST_CASE("the results inside are not kept") {
  int runs = 0;
  const auto twice = [&](const at::Tensor& x) {
    ++runs;
    return x * x;
  };
  at::Tensor x = torch::full({1}, 3.0f).requires_grad_(true);
  const at::Tensor y = checkpointed(twice, x, {});
  CHECK(runs == 1);
  y.backward();
  CHECK(runs == 2);
  CHECK(x.grad().item<float>() == 6);
}

}  // namespace einthoven::nn
