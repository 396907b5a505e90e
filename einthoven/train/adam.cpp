#include "einthoven/train/adam.h"

#include <fmt/ranges.h>
#include <torch/types.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/storage.h"
#include "einthoven/nn/threads.h"
#include "einthoven/nn/vectorised.h"
#include "einthoven/train/fused_adam.h"

namespace einthoven::train {
namespace {

/// The factors of one update, the same for every element.
struct Factors {
  float gradient;  ///< of the gradient
  float beta1, beta2, rest1, rest2;
  float decay;         ///< subtracted share of the parameter
  float step;          ///< learning rate with bias corrections
  float root_divisor;  ///< sqrt(v) is divided by this before eps is added
  float eps;
};

Factors factors_of(const AdamOptions& options, AdamVariant variant, double lr, double factor,
                   std::int64_t t) {
  const double beta1 = options.adam_betas[0];
  const double beta2 = options.adam_betas[1];
  const double correction1 = 1 - std::pow(beta1, t);
  const double correction2 = std::sqrt(1 - std::pow(beta2, t));
  const bool fairseq = variant == AdamVariant::fairseq;
  const auto f = [](double value) { return static_cast<float>(value); };
  return {f(factor),
          f(beta1),
          f(beta2),
          f(1 - beta1),
          f(1 - beta2),
          f(lr * options.weight_decay),
          f(fairseq ? lr * correction2 / correction1 : lr / correction1),
          f(fairseq ? 1.0 : correction2),
          f(options.adam_eps)};
}

EINTHOVEN_CLONES void update_range(float* p, const float* g, float* m, float* v, std::int64_t count,
                                   const Factors& factors) {
  const Factors f = factors;
  for (std::int64_t i = 0; i < count; ++i) {
    const float gradient = g[i] * f.gradient;
    m[i] = m[i] * f.beta1 + f.rest1 * gradient;
    v[i] = v[i] * f.beta2 + f.rest2 * gradient * gradient;
    const float decayed = p[i] - f.decay * p[i];
    p[i] = decayed - f.step * m[i] / (std::sqrt(v[i]) / f.root_divisor + f.eps);
  }
}

/// Element-wise, so the result does not depend on the number of threads.
void update_cpu(float* p, const float* g, float* m, float* v, std::int64_t count,
                const Factors& f) {
  constexpr std::int64_t kGrain = 1 << 15;
  nn::parallel_for(count, kGrain, [=](std::int64_t begin, std::int64_t end) {
    update_range(p + begin, g + begin, m + begin, v + begin, end - begin, f);
  });
}

/// Parameters that are updated by one call.
struct Together {
  std::vector<at::Tensor> parameters;
  AdamTensors tensors;

  void add(const at::Tensor& parameter, const at::Tensor& values, const at::Tensor& gradient,
           const at::Tensor& mean, const at::Tensor& square) {
    parameters.push_back(parameter);
    tensors.values.push_back(values);
    tensors.gradients.push_back(gradient);
    tensors.means.push_back(mean);
    tensors.squares.push_back(square);
  }

  /// The values of parameters of half precision.
  void give_back() {
    for (std::size_t i = 0; i < parameters.size(); ++i)
      if (!tensors.values[i].is_same(parameters[i])) parameters[i].copy_(tensors.values[i]);
  }
};

void check(const AdamOptions& options) {
  const auto& betas = options.adam_betas;
  if (betas.size() != 2 || !(betas[0] >= 0 && betas[0] < 1 && betas[1] >= 0 && betas[1] < 1))
    throw config_error(fmt::format("optimizer.adam_betas: want two numbers in [0, 1), got [{}]",
                                   fmt::join(betas, ", ")));
  if (!(options.adam_eps > 0))
    throw config_error(
        fmt::format("optimizer.adam_eps: want a positive number, got {}", options.adam_eps));
  if (!(options.weight_decay >= 0))
    throw config_error(
        fmt::format("optimizer.weight_decay: want a number >= 0, got {}", options.weight_decay));
}

void take_group(AdamOptions& options, const config::Value& group) {
  const auto number = [&](const char* key, double& value) {
    if (group.contains(key) && group[key].is_number()) value = group[key].get<double>();
  };
  number("eps", options.adam_eps);
  number("weight_decay", options.weight_decay);
  if (group.contains("betas") && group["betas"].is_array() && group["betas"].size() == 2)
    options.adam_betas = group["betas"].get<std::vector<double>>();
  check(options);
}

}  // namespace

void AdamOptions::describe(config::Visitor& v) {
  v.field("adam_betas", adam_betas, "decay of the running mean and of the running square");
  v.field("adam_eps", adam_eps, "added to the root of the running square");
  v.field("weight_decay", weight_decay, "share of a parameter removed per step, times the rate");
  v.field("use_old_adam", use_old_adam, "accepted and ignored, as in fairseq-signals");
  v.field("lr", lr, "learning rates", {.follows = "optimization.lr"});
}

Adam::Adam(std::vector<at::Tensor> parameters, const AdamOptions& options, AdamVariant variant)
    : parameters_(std::move(parameters)),
      moments_(parameters_.size()),
      options_(options),
      variant_(variant) {
  check(options_);
}

void Adam::step(double lr, double factor) {
  const at::NoGradGuard no_grad;
  last_lr_ = lr;
  std::map<std::int64_t, Together> others;  // by number of the update
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    at::Tensor& parameter = parameters_[i];
    if (!parameter.grad().defined()) continue;
    Moments& moments = begin_update(i);
    const at::Tensor gradient = parameter.grad().to(at::kFloat).contiguous();
    const at::Tensor values = parameter.to(at::kFloat).contiguous();  // of half precision: a copy
    if (!values.device().is_cpu()) {
      others[moments.step].add(parameter, values, gradient, moments.mean, moments.square);
      continue;
    }
    update_cpu(values.data_ptr<float>(), gradient.data_ptr<float>(), moments.mean.data_ptr<float>(),
               moments.square.data_ptr<float>(), values.numel(),
               factors_of(options_, variant_, lr, factor, moments.step));
    if (!values.is_same(parameter)) parameter.copy_(values);
  }
  for (auto& [t, together] : others) {
    fused_update(together.tensors, options_, variant_, lr, factor, t);
    together.give_back();
  }
}

Adam::Moments& Adam::begin_update(std::size_t index) {
  Moments& moments = moments_[index];
  if (!moments.mean.defined()) {
    const auto wide = parameters_[index].options().dtype(at::kFloat).requires_grad(false);
    moments.mean = torch::zeros(parameters_[index].sizes(), wide);
    moments.square = torch::zeros(parameters_[index].sizes(), wide);
  }
  ++moments.step;
  return moments;
}

void Adam::zero_grad() {
  for (at::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
}

checkpoint::OptimizerState Adam::state() const {
  checkpoint::OptimizerState state;
  bool started = false;
  for (const Moments& moments : moments_) {
    state.entries.push_back({moments.step, moments.mean, moments.square});
    started = started || moments.step > 0;
  }
  if (!started) state.entries.clear();
  state.parameter_count = static_cast<std::int64_t>(moments_.size());
  state.group = {{"lr", last_lr_},
                 {"betas", options_.adam_betas},
                 {"eps", options_.adam_eps},
                 {"weight_decay", options_.weight_decay},
                 {"amsgrad", false}};
  return state;
}

void Adam::load(const checkpoint::OptimizerState& state) {
  if (!state.entries.empty() && state.entries.size() != parameters_.size())
    throw checkpoint_error("optimizer state", "parameters",
                           fmt::format("got {}, want {} (the model's trained parameters)",
                                       state.entries.size(), parameters_.size()));
  for (std::size_t i = 0; i < state.entries.size(); ++i) {
    const auto& entry = state.entries[i];
    moments_[i] = {};
    if (!entry.exp_avg.defined()) continue;
    if (entry.exp_avg.sizes() != parameters_[i].sizes() ||
        entry.exp_avg_sq.sizes() != parameters_[i].sizes())
      throw checkpoint_error("optimizer state", fmt::format("parameter {}", i),
                             "shape differs from the model's parameter");
    const auto copy = [&](const at::Tensor& moment) {
      const auto wide = parameters_[i].options().dtype(at::kFloat).requires_grad(false);
      const at::Tensor own = moment.to(wide, false, true).contiguous();
      checkpoint::forget_pages(moment);
      return own;
    };
    moments_[i] = {entry.step, copy(entry.exp_avg), copy(entry.exp_avg_sq)};
  }
  if (state.group.is_object()) take_group(options_, state.group);
}

}  // namespace einthoven::train
