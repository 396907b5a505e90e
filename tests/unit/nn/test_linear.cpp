#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/nn/feed_forward.h"
#include "einthoven/nn/gelu.h"
#include "einthoven/nn/gemm.h"
#include "einthoven/nn/linear.h"
#include "einthoven/nn/tile_kernel.h"
#include "einthoven/nn/tile_product.h"

using namespace einthoven;

TEST_CASE("products of any shape and layout, with and without bias, added or written") {
  if (!nn::has_own_gemm()) return;
  for (const auto& [m, k, n] : {std::tuple{1, 1, 1}, {7, 400, 65}, {200, 33, 130}, {6, 16, 64}})
    for (const bool transposed_a : {false, true})
      for (const bool transposed_b : {false, true}) {
        const auto a = transposed_a ? torch::randn({k, m}).t() : torch::randn({m, k});
        const auto b = transposed_b ? torch::randn({n, k}).t() : torch::randn({k, n});
        const auto bias = torch::randn({n});
        const auto expected = torch::mm(a.to(torch::kDouble), b.to(torch::kDouble));
        auto c = torch::full({m, n}, 1e9);
        const nn::PackedMatrix packed(b);
        nn::multiply(a, packed, bias, c);
        CHECK(torch::allclose(c.to(torch::kDouble), expected + bias, 1e-5, 1e-4));
        nn::multiply(a, packed, {}, c);
        nn::add_product(a, packed, c);
        CHECK(torch::allclose(c.to(torch::kDouble), 2 * expected, 1e-5, 1e-4));
      }
}

TEST_CASE("large products are as exact as float32 allows, whatever the size of their entries") {
  if (!nn::has_own_gemm()) return;
  const auto spread = [](const at::Tensor& x) {
    return x * torch::exp2(10 * torch::randn_like(x));
  };
  // More than a product holds at a time of either factor, and multiples of nothing.
  for (const auto& [m, k, n] : {std::tuple{850, 2510, 870}, {4230, 33, 4170}}) {
    const auto a = spread(torch::randn({m, k})), b = spread(torch::randn({k, n}));
    const auto exact = torch::mm(a.to(torch::kDouble), b.to(torch::kDouble));
    const auto sizes = torch::mm(a.abs().to(torch::kDouble), b.abs().to(torch::kDouble));
    auto c = torch::empty({m, n});
    nn::multiply(a, nn::PackedMatrix(b), {}, c);
    const auto error = ((c - exact) / sizes).square().mean().sqrt().item<double>();
    CHECK(error < 3e-7);  // of a chain of multiply-adds: 1.5e-7
  }
}

TEST_CASE("products in bfloat16 round their factors and nothing else") {
  if (nn::kernel::tiles_of_processor() == nullptr) return;
  const auto exact = [](const at::Tensor& x) { return x.to(torch::kBFloat16).to(torch::kDouble); };
  for (const auto& [m, k, n] : {std::tuple{7, 400, 65}, {300, 33, 130}, {4200, 40, 32}})
    for (const bool transposed : {false, true}) {
      const auto a = transposed ? torch::randn({k, m}).t() : torch::randn({m, k});
      const auto b = transposed ? torch::randn({n, k}).t() : torch::randn({k, n});
      const auto bias = torch::randn({n});
      auto c = torch::empty({m, n});
      nn::multiply(a, nn::RoundedMatrix(b), bias, c);
      CHECK(
          torch::allclose(c.to(torch::kDouble), torch::mm(exact(a), exact(b)) + bias, 1e-5, 1e-4));
      a[1][2] = std::nan("");
      nn::multiply(a, nn::RoundedMatrix(b), {}, c);
      CHECK(c[1].isnan().all().item<bool>());
      CHECK(!c[0].isnan().any().item<bool>());
    }
}

TEST_CASE("several maps of one input have the values and gradients of each alone") {
  const auto x1 = torch::randn({2, 5, 70}).requires_grad_();
  const auto x2 = x1.detach().clone().requires_grad_();
  std::vector<at::Tensor> weights, biases, gradients;
  for (const std::int64_t width : {3, 64, 70}) {
    const bool transposed = width == 70;  // as some checkpoints store a matrix
    weights.push_back(transposed ? torch::randn({70, 70}).t().requires_grad_()
                                 : torch::randn({width, 70}).requires_grad_());
    biases.push_back(torch::randn({width}).requires_grad_());
    gradients.push_back(torch::randn({2, 5, width}));
  }
  const auto ours = nn::linear_maps(x1, weights, biases);
  torch::autograd::backward(ours, gradients);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto w = weights[i].detach().clone().requires_grad_();
    const auto b = biases[i].detach().clone().requires_grad_();
    const auto y = torch::linear(x2, w, b);
    y.backward(gradients[i]);
    CHECK(torch::allclose(ours[i], y, 1e-5, 1e-4));
    CHECK(torch::allclose(weights[i].grad(), w.grad(), 1e-5, 1e-4));
    CHECK(torch::allclose(biases[i].grad(), b.grad(), 1e-5, 1e-4));
  }
  CHECK(torch::allclose(x1.grad(), x2.grad(), 1e-5, 1e-4));
}

TEST_CASE("maps without bias") {
  const auto x = torch::randn({2, 5, 12}), weight = torch::randn({8, 12}).requires_grad_();
  const auto y = nn::linear_maps(x, {weight}, {at::Tensor()})[0];
  CHECK(torch::allclose(y, torch::linear(x, weight), 1e-5, 1e-5));
  y.sum().backward();
  CHECK(torch::allclose(weight.grad(), x.sum({0, 1}).expand({8, 12}), 1e-5, 1e-4));
}

TEST_CASE("GELU and its derivative are exact to float32") {
  const auto x = torch::cat({torch::linspace(-12, 12, 4801), torch::tensor({-1e30F, 1e30F, 0.0F})});
  const auto exact = x.to(torch::kDouble).requires_grad_();
  const auto y = torch::gelu(exact);
  y.sum().backward();
  CHECK((nn::gelu_of(x) - y).div(1 + x.abs()).abs().max().item<double>() < 3e-7);
  auto gradient = torch::ones_like(x);
  nn::gelu_backward_(gradient, x);
  CHECK((gradient - exact.grad()).abs().max().item<double>() < 2e-6);
}

TEST_CASE("the feed-forward block has the values and gradients of its parts") {
  nn::Linear first(20, 90), second(90, 20);
  const auto x1 = torch::randn({3, 4, 20}).requires_grad_();
  const auto x2 = x1.detach().clone().requires_grad_();
  const auto gradient = torch::randn({3, 4, 20});
  const auto parameters = [&] {
    return std::vector<at::Tensor>{first->weight, first->bias, second->weight, second->bias};
  };
  const auto ours = nn::feed_forward(x1, first, second, 0);
  ours.backward(gradient);
  std::vector<at::Tensor> of_ours;
  for (auto& parameter : parameters()) {
    of_ours.push_back(parameter.grad());
    parameter.mutable_grad().reset();
  }
  const auto parts = torch::linear(torch::gelu(torch::linear(x2, first->weight, first->bias)),
                                   second->weight, second->bias);
  parts.backward(gradient);
  CHECK(torch::allclose(ours, parts, 1e-5, 1e-5));
  CHECK(torch::allclose(x1.grad(), x2.grad(), 1e-5, 1e-5));
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(torch::allclose(of_ours[i], parameters()[i].grad(), 1e-4, 1e-5));
}

TEST_CASE("a linear layer maps every row of a batch") {
  nn::Linear layer(64, 64);
  const auto x = torch::randn({4, 62, 64}), gradient = torch::randn({4, 62, 64});
  const auto weight = layer->weight.detach().clone().requires_grad_();
  const auto ours = layer(x);
  const auto parts = torch::linear(x, weight, layer->bias);
  CHECK(ours.sizes() == x.sizes());
  CHECK(torch::allclose(ours, parts, 1e-5, 1e-5));
  ours.backward(gradient);
  parts.backward(gradient);
  CHECK(torch::allclose(layer->weight.grad(), weight.grad(), 1e-5, 1e-4));
}

TEST_CASE("frozen layers come close to the float32 ones and give up their weight") {
  const torch::NoGradGuard no_grad;
  const auto x = torch::randn({3, 40, 96});
  nn::Linear exact(96, 128);
  const auto expected = torch::linear(x, exact->weight, exact->bias);
  const double int8_most = nn::int8_input_bits() == 8 ? 0.04 : 0.06;
  for (const auto& [name, most] :
       {std::pair{"fp32", 1e-5}, std::pair{"bf16", 0.02}, std::pair{"int8", int8_most}}) {
    nn::Linear layer(96, 128);
    layer->weight.copy_(exact->weight);
    layer->bias.copy_(exact->bias);
    layer->freeze(nn::parse_precision(name));
    CHECK((layer(x) - expected).abs().max().item<double>() < most);
    if (layer->is_frozen()) CHECK(layer->weight.numel() == 0);
  }
  CHECK_THROWS_AS(nn::parse_precision("fp8"), Error);
}
