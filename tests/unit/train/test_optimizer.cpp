#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>
#include <mutex>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/train/optimizer.h"
#include "tests/unit/distributed/together.h"

namespace einthoven::train {
namespace {

/// Three parameters, of which the last is never used.
struct Small : model::Model {
  Small() {
    torch::manual_seed(3);
    first = register_parameter("first", torch::randn({4, 3}));
    second = register_parameter("second", torch::randn({5}));
    unused = register_parameter("unused", torch::randn({2}));
  }
  model::Output forward(const model::Input&) override { return {}; }
  at::Tensor loss() { return first.square().sum() + second.pow(3).sum(); }
  at::Tensor first, second, unused;
};

config::Value adam() {
  return {
      {"_name", "adam"}, {"adam_betas", {0.9, 0.98}}, {"adam_eps", 1e-6}, {"weight_decay", 0.01}};
}

OptimizerOptions half(bool master_weights = true) {
  return {.precision = Precision::half, .master_weights = master_weights, .scaler = {.window = 2}};
}

std::vector<double> updates(Small& model, Optimizer& optimizer, int count, double clip = 0.5) {
  std::vector<double> norms;
  for (int i = 0; i < count; ++i) {
    optimizer.zero_grad();
    optimizer.scaled(model.loss()).backward();
    optimizer.multiply_gradients(0.25);
    norms.push_back(optimizer.clip_gradients(clip));
    optimizer.step(0.01);
  }
  return norms;
}

/// One update of master weights, by the formulas of the reference's FP16Optimizer and Adam.
at::Tensor expected_first(const at::Tensor& weight, double norm, double clip, double lr) {
  const at::Tensor gradient = 2 * weight.to(at::kHalf).to(at::kFloat) * 0.25 * (clip / norm);
  const at::Tensor mean = 0.1 * gradient, square = 0.02 * gradient.square();
  const double step = lr * std::sqrt(1 - 0.98) / (1 - 0.9);
  return weight * (1 - 0.01 * lr) - step * mean / (square.sqrt() + 1e-6);
}

}  // namespace

TEST_CASE("half precision steps float32 copies with gradients of the scaled loss") {
  Small model;
  const at::Tensor before = model.first.detach().clone();
  const auto group = distributed::alone();
  Optimizer optimizer(model, adam(), *group, half());
  CHECK((model.first.scalar_type() == at::kHalf));
  const double norm = updates(model, optimizer, 1)[0];
  const at::Tensor exact = *optimizer.saved().weights.find("first");
  CHECK(torch::allclose(exact, expected_first(before, norm, 0.5, 0.01), 1e-4, 1e-5));
  CHECK(torch::equal(model.first, exact.to(at::kHalf)));
}

TEST_CASE("the state of half precision is one vector with the loss scale, or one a parameter") {
  Small model;
  const auto group = distributed::alone();
  Optimizer optimizer(model, adam(), *group, half());
  updates(model, optimizer, 3);
  const auto saved = optimizer.saved();
  REQUIRE(saved.state.entries.size() == 1);
  CHECK(saved.state.parameter_count == 1);
  CHECK((saved.state.entries[0].exp_avg.sizes() == at::IntArrayRef({19})));
  CHECK(saved.state.entries[0].step == 3);
  CHECK(*saved.state.loss_scale == 256);

  for (const bool flat : {true, false}) {
    Small other;
    auto options = half();
    options.flat_state = flat;
    Optimizer resumed(other, adam(), *group, options);
    resumed.load(saved.state, saved.scaler);
    CHECK(*resumed.loss_scale() == 256);
    const auto again = resumed.saved().state;
    CHECK(again.entries.size() == (flat ? 1 : 3));
    at::Tensor all = again.entries[0].exp_avg_sq.flatten();
    if (!flat) all = torch::cat({all, again.entries[1].exp_avg_sq, again.entries[2].exp_avg_sq});
    CHECK(torch::equal(all, saved.state.entries[0].exp_avg_sq));
  }
}

TEST_CASE("without copies, half weights are stepped in float32 and unused ones left alone") {
  Small model;
  const auto group = distributed::alone();
  Optimizer optimizer(model, adam(), *group, half(/*master_weights=*/false));
  const at::Tensor before = model.first.detach().to(at::kFloat);
  const double norm = updates(model, optimizer, 1)[0];
  const auto want = expected_first(before, norm, 0.5, 0.01);
  CHECK(torch::allclose(model.first.to(at::kFloat), want, 2e-3, 1e-3));
  const auto saved = optimizer.saved();
  CHECK(saved.weights.empty());
  REQUIRE(saved.state.entries.size() == 3);
  CHECK((saved.state.entries[0].exp_avg.scalar_type() == at::kFloat));
  CHECK_FALSE(saved.state.entries[2].exp_avg.defined());
}

TEST_CASE("an overflow is skipped at half the scale, and refused at the minimum") {
  Small model;
  const auto group = distributed::alone();
  auto options = half();
  options.scaler = {.initial = 4, .minimum = 1};
  Optimizer optimizer(model, adam(), *group, options);
  const auto overflow = [&] {
    optimizer.zero_grad();
    optimizer.scaled(model.loss() * std::numeric_limits<float>::infinity()).backward();
    return !std::isfinite(optimizer.clip_gradients(0));
  };
  const at::Tensor before = model.first.detach().clone();
  CHECK(overflow());
  CHECK(optimizer.skip());
  CHECK(*optimizer.loss_scale() == 2);
  CHECK(overflow());
  CHECK_FALSE(optimizer.skip());
  CHECK(torch::equal(model.first, before));
  CHECK(optimizer.saved().state.entries.empty());
  Small full;
  Optimizer plain(full, adam(), *group, {});
  CHECK_FALSE(plain.skip());
}

TEST_CASE("state spread over the members gives the weights and the checkpoint of one member") {
  for (const Precision precision : {Precision::full, Precision::half}) {
    OptimizerOptions options{.precision = precision, .scaler = {.window = 2}};
    const auto group = distributed::alone();
    Small single;
    Optimizer whole(single, adam(), *group, options);
    updates(single, whole, 3);
    const auto want = whole.saved();
    options.sharded = true;
    for (const int members : {2, 3}) {
      std::mutex one_at_a_time;
      bool equal = true;
      distributed::together(members, [&](distributed::Group& all) {
        std::unique_lock<std::mutex> lock(one_at_a_time);  // the seed is of the program
        Small model;
        Optimizer optimizer(model, adam(), all, options);
        lock.unlock();
        updates(model, optimizer, 3);
        const auto saved = optimizer.saved();
        lock.lock();
        equal = equal && torch::equal(model.first, single.first) &&
                torch::equal(model.second, single.second);
        if (!all.is_first()) return;
        equal = equal && saved.state.entries.size() == want.state.entries.size() &&
                saved.weights.size() == want.weights.size();
        for (std::size_t i = 0; equal && i < want.state.entries.size(); ++i) {
          const auto &got = saved.state.entries[i], &entry = want.state.entries[i];
          equal = got.step == entry.step && got.exp_avg.defined() == entry.exp_avg.defined() &&
                  (!got.exp_avg.defined() || torch::equal(got.exp_avg_sq, entry.exp_avg_sq));
        }
      });
      CHECK(equal);
    }
  }
}

TEST_CASE("a state of other parameters is refused") {
  Small model;
  const auto group = distributed::alone();
  Optimizer optimizer(model, adam(), *group, {});
  checkpoint::OptimizerState state;
  state.entries.resize(2);
  CHECK_THROWS_AS(optimizer.load(state, {}), Error);
}

}  // namespace einthoven::train
