#include <doctest/doctest.h>
#include <torch/torch.h>

#include <thread>
#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/nn/conv_positions.h"
#include "einthoven/nn/conv_spectrum.h"

using namespace einthoven;

TEST_CASE("even and odd kernels keep the number of tokens") {
  for (const std::int64_t kernel : {4, 5}) {
    nn::ConvPositions positions(8, kernel, 2);
    CHECK(positions->forward(torch::randn({2, 7, 8})).sizes() == at::IntArrayRef({2, 7, 8}));
  }
  CHECK_THROWS_AS(nn::ConvPositions(8, 4, 3), Error);
}

TEST_CASE("one scale per tap normalises the weight") {
  nn::WeightNormConv conv(6, 3, 2);
  torch::NoGradGuard no_grad;
  const auto g = conv->named_parameters()["parametrizations.weight.original0"];
  const auto v = conv->named_parameters()["parametrizations.weight.original1"];
  CHECK(torch::allclose(g, v.norm(2, {0, 1}, true)));  // a new layer computes with v itself
  g.mul_(3);
  v.mul_(0.5);
  const auto x = torch::randn({1, 9, 6});
  const auto weight = g * v / v.norm(2, {0, 1}, true);
  const auto expected =
      torch::conv1d(x.transpose(1, 2), weight, conv->named_parameters()["bias"], 1, 1, 1, 2)
          .transpose(1, 2);
  CHECK(torch::allclose(conv->forward(x), expected, 1e-5, 1e-6));
}

TEST_CASE("a convolution by spectra has the values and gradients of the sums") {
  for (const std::int64_t kernel : {32, 33})
    for (const std::int64_t tokens : {5, 40}) {
      const auto as_leaf = [](const at::Tensor& t) { return t.clone().requires_grad_(); };
      const auto x = torch::randn({3, tokens, 12}), weight = torch::randn({12, 3, kernel}),
                 bias = torch::randn({12}), gradient = torch::randn({3, tokens, 12});
      const auto x1 = as_leaf(x), w1 = as_leaf(weight), x2 = as_leaf(x), w2 = as_leaf(weight);
      const auto sums = torch::conv1d(x1.transpose(1, 2), w1, bias, 1, kernel / 2, 1, 4)
                            .narrow(2, 0, tokens)
                            .transpose(1, 2);
      const auto basis = nn::spectrum_basis(tokens, kernel, x);
      const auto spectral = nn::convolve(x2, nn::kernel_spectrum(w2, basis), bias, basis);
      sums.backward(gradient);
      spectral.backward(gradient);
      CHECK(torch::allclose(spectral, sums, 1e-5, 1e-4));
      CHECK(torch::allclose(x2.grad(), x1.grad(), 1e-5, 1e-4));
      CHECK(torch::allclose(w2.grad(), w1.grad(), 1e-5, 1e-4));
    }
}

TEST_CASE("a kept spectrum follows the weights") {
  nn::ConvPositions positions(48, 64, 2);
  positions->eval();
  torch::NoGradGuard no_grad;
  const auto x = torch::randn({4, 80, 48});
  CHECK(nn::spectrum_pays(4, 80, 24, 64, true));
  const auto before = positions->forward(x);
  for (auto& parameter : positions->parameters()) parameter.mul_(2);
  const auto changed = positions->forward(x);
  CHECK_FALSE(torch::allclose(before, changed));
  nn::ConvPositions same(48, 64, 2);
  same->eval();
  for (const auto& parameter : positions->named_parameters())
    same->named_parameters()[parameter.key()].copy_(parameter.value());
  CHECK(torch::allclose(same->forward(x), changed));
}

TEST_CASE("many signals at once have the outputs of few, and of the convolution with gradients") {
  nn::ConvPositions positions(48, 64, 2);
  positions->eval();
  const auto x = torch::randn({16, 80, 48});
  const auto with_gradients = positions->forward(x).detach();
  const torch::NoGradGuard no_grad;
  const auto many = positions->forward(x);
  CHECK(torch::allclose(many, with_gradients, 1e-5, 1e-6));
  CHECK(torch::allclose(many.narrow(0, 4, 4), positions->forward(x.narrow(0, 4, 4)), 1e-5, 1e-6));
}

TEST_CASE("threads may share one model, each with another number of tokens") {
  nn::ConvPositions positions(48, 64, 2);
  positions->eval();
  std::vector<at::Tensor> inputs, wanted;
  {
    const torch::NoGradGuard no_grad;
    for (std::int64_t i = 0; i < 4; ++i) {
      inputs.push_back(torch::randn({4, 70 + 10 * i, 48}));
      wanted.push_back(positions->forward(inputs.back()));
    }
  }
  std::vector<int> wrong(inputs.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    threads.emplace_back([&, i] {
      const torch::NoGradGuard no_grad;  // is the thread's own
      for (int run = 0; run < 50; ++run)
        wrong[i] += !torch::equal(positions->forward(inputs[i]), wanted[i]);
    });
  for (auto& thread : threads) thread.join();
  CHECK(wrong == std::vector<int>(inputs.size()));
}
