#include "einthoven/train/optimizer.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/load.h"
#include "einthoven/train/gradient.h"

namespace einthoven::train {
namespace {

using checkpoint::OptimizerState;

std::vector<std::string> trained_names(const model::Model& model) {
  std::vector<std::string> names;
  for (const auto& parameter : model.named_parameters())
    if (parameter.value().requires_grad()) names.push_back(parameter.key());
  return names;
}

std::vector<at::Tensor> float_copies(const std::vector<at::Tensor>& parameters) {
  std::vector<at::Tensor> copies;
  for (const at::Tensor& parameter : parameters)
    copies.push_back(parameter.detach().to(at::kFloat, false, /*copy=*/true));
  return copies;
}

/// In half precision every parameter is stepped in every update, so their states are parts of one.
OptimizerState flattened(const OptimizerState& state, const std::vector<at::Tensor>& parameters) {
  OptimizerState flat = state;
  flat.entries.clear();
  flat.parameter_count = 1;
  if (state.entries.empty()) return flat;
  std::vector<at::Tensor> means, squares;
  std::int64_t step = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& entry = state.entries[i];
    const auto part = [&](const at::Tensor& moment) {
      return moment.defined()
                 ? moment.reshape({-1})
                 : torch::zeros({parameters[i].numel()},
                                parameters[i].options().dtype(at::kFloat).requires_grad(false));
    };
    means.push_back(part(entry.exp_avg));
    squares.push_back(part(entry.exp_avg_sq));
    step = std::max(step, entry.step);
  }
  flat.entries.push_back({step, torch::cat(means), torch::cat(squares)});
  return flat;
}

std::int64_t elements(const std::vector<at::Tensor>& parameters) {
  std::int64_t count = 0;
  for (const at::Tensor& parameter : parameters) count += parameter.numel();
  return count;
}

bool is_flat(const OptimizerState& state, const std::vector<at::Tensor>& parameters) {
  return state.entries.size() == 1 && state.entries[0].exp_avg.defined() &&
         state.entries[0].exp_avg.dim() == 1 &&
         state.entries[0].exp_avg.numel() == elements(parameters);
}

OptimizerState divided(const OptimizerState& flat, const std::vector<at::Tensor>& parameters) {
  OptimizerState state = flat;
  state.entries.clear();
  const auto& whole = flat.entries[0];
  std::int64_t from = 0;
  for (const at::Tensor& parameter : parameters) {
    const auto part = [&](const at::Tensor& moment) {
      return moment.narrow(0, from, parameter.numel()).view(parameter.sizes());
    };
    state.entries.push_back({whole.step, part(whole.exp_avg), part(whole.exp_avg_sq)});
    from += parameter.numel();
  }
  return state;
}

}  // namespace

std::vector<at::Tensor> trained_parameters(const model::Model& model) {
  std::vector<at::Tensor> parameters;
  for (const at::Tensor& parameter : model.parameters())
    if (parameter.requires_grad()) parameters.push_back(parameter);
  return parameters;
}

Adam make_optimizer(std::vector<at::Tensor> parameters, const config::Value& optimizer) {
  const auto name = optimizer.value("_name", std::string());
  const std::array<std::string, 2> known = {"adam", "adamw"};
  if (name != known[0] && name != known[1])
    throw config_error(fmt::format("optimizer._name: want adam or adamw, got \"{}\"{}", name,
                                   did_you_mean(name, known)));
  AdamOptions options;
  config::load(options, optimizer, "optimizer");
  return Adam(std::move(parameters), options,
              name == "adam" ? AdamVariant::fairseq : AdamVariant::torch);
}

bool Optimizer::copies() const {
  return options_.precision == Precision::half && options_.master_weights;
}

Optimizer::Optimizer(model::Model& model, const config::Value& optimizer, distributed::Group& group,
                     const OptimizerOptions& options)
    : options_(options),
      names_(trained_names(model)),
      parameters_(trained_parameters(model)),
      shards_(group, parameters_, options.sharded),
      masters_(copies() ? float_copies(shards_.owned(parameters_)) : shards_.owned(parameters_)),
      adam_(make_optimizer(masters_, optimizer)) {
  if (options_.precision != Precision::half) return;
  scaler_.emplace(options_.scaler);
  convert(model, at::kHalf);
}

at::Tensor Optimizer::scaled(const at::Tensor& loss) const {
  return scaler_ ? loss.to(at::kFloat) * scaler_->scale() : loss;
}

void Optimizer::zero_grad() {
  for (const at::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
  factor_ = scaler_ ? 1 / scaler_->scale() : 1;
}

void Optimizer::multiply_gradients(double factor) { factor_ *= factor; }

double Optimizer::clip_gradients(double max_norm) {
  const double norm = factor_ * gradient_norm(parameters_);
  if (!scaler_)
    factor_ *= clip_factor(norm, max_norm);
  else if (norm > max_norm && max_norm > 0)
    factor_ *= max_norm / norm;
  return norm;
}

bool Optimizer::skip() {
  if (!scaler_ || !scaler_->shrink()) return false;
  zero_grad();
  return true;
}

/// Float32 gradients for the copies; a parameter that was not used has zeros, as in the reference.
void Optimizer::take_gradients() {
  const std::vector<at::Tensor> mine = shards_.owned(parameters_);
  for (std::size_t i = 0; i < mine.size(); ++i) {
    const at::Tensor& gradient = mine[i].grad();
    masters_[i].mutable_grad() =
        gradient.defined() ? gradient.to(at::kFloat) : torch::zeros_like(masters_[i]);
  }
}

void Optimizer::step(double lr) {
  const at::NoGradGuard no_grad;
  if (copies()) take_gradients();
  adam_.step(lr, factor_);
  if (scaler_) scaler_->grow();
  if (copies()) {
    adam_.zero_grad();
    std::vector<at::Tensor> mine = shards_.owned(parameters_);
    for (std::size_t i = 0; i < mine.size(); ++i) mine[i].copy_(masters_[i]);
  }
  shards_.share(parameters_);
}

std::optional<double> Optimizer::loss_scale() const {
  return scaler_ ? std::optional<double>(scaler_->scale()) : std::nullopt;
}

OptimizerState Optimizer::whole_state() {
  OptimizerState own = adam_.state();
  if (!shards_.sharded()) return own;
  std::vector<std::int64_t> steps;
  std::vector<at::Tensor> means, squares;
  for (std::size_t i = 0; i < masters_.size(); ++i) {
    const bool fresh = own.entries.empty() || !own.entries[i].exp_avg.defined();
    const auto none = torch::zeros_like(masters_[i], at::kFloat);
    steps.push_back(fresh ? 0 : own.entries[i].step);
    means.push_back(fresh ? none : own.entries[i].exp_avg);
    squares.push_back(fresh ? none : own.entries[i].exp_avg_sq);
  }
  const auto all_steps = shards_.gather(steps);
  const auto all_means = shards_.gather(means, at::kFloat);
  const auto all_squares = shards_.gather(squares, at::kFloat);
  own.entries.clear();
  if (std::all_of(all_steps.begin(), all_steps.end(), [](auto step) { return step == 0; }))
    return own;
  for (std::size_t i = 0; i < all_means.size(); ++i) {
    own.entries.emplace_back();
    if (all_steps[i] > 0) own.entries.back() = {all_steps[i], all_means[i], all_squares[i]};
  }
  return own;
}

Optimizer::Saved Optimizer::saved() {
  Saved saved{.state = whole_state(), .weights = {}, .scaler = {}};
  if (!scaler_) return saved;
  if (copies()) {
    if (options_.flat_state) saved.state = flattened(saved.state, parameters_);
    const auto masters = shards_.gather(masters_, at::kFloat);
    for (std::size_t i = 0; i < masters.size(); ++i) saved.weights.set(names_[i], masters[i]);
  }
  saved.state.loss_scale = scaler_->scale();
  saved.scaler = scaler_->state();
  return saved;
}

void Optimizer::load(const OptimizerState& state, const config::Value& scaler) {
  OptimizerState whole = is_flat(state, parameters_) ? divided(state, parameters_) : state;
  const std::size_t got = whole.entries.size();
  if (got > 0 && got != parameters_.size())
    throw checkpoint_error(
        "optimizer state", "parameters",
        fmt::format("got {}, want {}, those that the model trains", got, parameters_.size()));
  std::vector<OptimizerState::Entry> mine;
  for (std::size_t i = 0; i < got; ++i)
    if (shards_.owns(i)) mine.push_back(whole.entries[i]);
  whole.entries = std::move(mine);
  adam_.load(whole);
  if (!scaler_) return;
  if (state.loss_scale) scaler_->set_scale(*state.loss_scale);
  if (scaler.is_object()) scaler_->load(scaler);
}

}  // namespace einthoven::train
