#include <doctest/doctest.h>
#include <torch/torch.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/train/fused_adam.h"

using namespace einthoven;

namespace {

train::AdamOptions options_of(double decay) {
  train::AdamOptions options;
  options.adam_betas = {.9, .98};
  options.adam_eps = 1e-6;
  options.weight_decay = decay;
  return options;
}

void set_gradient(torch::Tensor& parameter, const torch::Tensor& gradient) {
  parameter.mutable_grad() = gradient.clone();
}

}  // namespace

TEST_CASE("adam repeats the two steps recorded from fairseq-signals") {
  torch::Tensor p = torch::tensor({1.f, -2.f, .5f}).requires_grad_();
  train::Adam adam({p}, options_of(.01));
  set_gradient(p, torch::tensor({.1f, -.2f, .3f}));
  adam.step(.1);
  CHECK(torch::allclose(p, torch::tensor({0.89900708f, -1.89800358f, 0.39950234f}), 1e-6, 0));
  set_gradient(p, torch::tensor({.05f, .1f, -.4f}));
  adam.step(.1);
  CHECK(torch::allclose(p, torch::tensor({0.80462635f, -1.86939561f, 0.41842765f}), 1e-6, 0));
}

TEST_CASE("adamw equals torch's AdamW over ten steps, also on many elements") {
  torch::manual_seed(1);
  torch::Tensor ours = torch::randn({300, 700}).requires_grad_();
  torch::Tensor theirs = ours.detach().clone().requires_grad_();
  train::Adam adam({ours}, options_of(.05), train::AdamVariant::torch);
  torch::optim::AdamW reference(
      {theirs}, torch::optim::AdamWOptions(1e-2).betas({.9, .98}).eps(1e-6).weight_decay(.05));
  for (int step = 0; step < 10; ++step) {
    const torch::Tensor gradient = torch::randn({300, 700});
    set_gradient(ours, gradient);
    set_gradient(theirs, gradient);
    adam.step(1e-2);
    reference.step();
  }
  CHECK(torch::allclose(ours, theirs, 1e-5, 1e-6));
}

TEST_CASE("the fused update of a GPU's tensors is that of the loop") {
  torch::manual_seed(2);
  for (const auto variant : {train::AdamVariant::fairseq, train::AdamVariant::torch}) {
    const auto options = options_of(.05);
    torch::Tensor p = torch::randn({30, 70}).requires_grad_();
    train::AdamTensors fused{.values = {p.detach().clone(), torch::randn({3})},
                             .gradients = {{}, torch::randn({3})},
                             .means = {torch::zeros({30, 70}), torch::zeros({3})},
                             .squares = {torch::zeros({30, 70}), torch::zeros({3})}};
    train::Adam adam({p}, options, variant);
    for (std::int64_t t = 1; t <= 10; ++t) {
      fused.gradients[0] = torch::randn({30, 70});
      set_gradient(p, fused.gradients[0]);
      adam.step(1e-2, .3);
      train::fused_update(fused, options, variant, 1e-2, .3, t);
      CHECK(torch::allclose(fused.values[0], p.detach(), 1e-5, 1e-6));
    }
    CHECK(torch::allclose(fused.squares[0], adam.state().entries[0].exp_avg_sq, 1e-5, 1e-9));
  }
}

TEST_CASE("parameters without gradient keep their value and have no state") {
  torch::Tensor trained = torch::ones({2}).requires_grad_();
  torch::Tensor frozen = torch::ones({2}).requires_grad_();
  train::Adam adam({frozen, trained}, options_of(.1));
  CHECK(adam.state().entries.empty());
  set_gradient(trained, torch::ones({2}));
  adam.step(.1);
  CHECK(torch::equal(frozen, torch::ones({2})));
  const auto state = adam.state();
  REQUIRE(state.entries.size() == 2);
  CHECK(state.entries[0].step == 0);
  CHECK(!state.entries[0].exp_avg.defined());
  CHECK(state.entries[1].step == 1);
}

TEST_CASE("a restored state continues bit for bit") {
  torch::manual_seed(2);
  torch::Tensor first = torch::randn({50}).requires_grad_();
  train::Adam adam({first}, options_of(.01));
  set_gradient(first, torch::randn({50}));
  adam.step(.1);
  torch::Tensor second = first.detach().clone().requires_grad_();
  train::AdamOptions other = options_of(0);
  other.adam_betas = {.5, .5};
  train::Adam resumed({second}, other);
  resumed.load(adam.state());
  const torch::Tensor gradient = torch::randn({50});
  set_gradient(first, gradient);
  set_gradient(second, gradient);
  adam.step(.1);
  resumed.step(.1);
  CHECK(torch::equal(first, second));
}

TEST_CASE("sums divided by the sum of sizes within the step are the gradient of the mean") {
  torch::Tensor mean = torch::tensor({2.f, -1.f}).requires_grad_();
  torch::Tensor sums = mean.detach().clone().requires_grad_();
  train::Adam of_mean({mean}, options_of(.01)), of_sums({sums}, options_of(.01));
  for (int step = 0; step < 2; ++step) {
    (mean * 3).sum().div(5).backward();
    (mean * mean).sum().div(5).backward();
    (sums * 3).sum().backward();
    (sums * sums).sum().backward();
    of_mean.step(.1);
    of_sums.step(.1, 1.0 / (4 + 1));
    CHECK(torch::allclose(sums, mean, 1e-5, 1e-6));
    of_mean.zero_grad();
    of_sums.zero_grad();
  }
}

TEST_CASE("a state of another model is refused") {
  torch::Tensor p = torch::ones({2}).requires_grad_();
  train::Adam adam({p}, options_of(0));
  checkpoint::OptimizerState state;
  state.entries = {{1, torch::ones({3}), torch::ones({3})}};
  CHECK_THROWS_WITH_AS(adam.load(state), doctest::Contains("parameter 0"), Error);
  state.entries.resize(2);
  CHECK_THROWS_WITH_AS(adam.load(state), doctest::Contains("got 2, want 1"), Error);
  CHECK_THROWS_AS(train::Adam({p}, options_of(-1)), Error);
}
