#include "einthoven/nn/gumbel_quantizer.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"

namespace einthoven::nn {
namespace {

void check(const QuantizerOptions& options) {
  if (options.entries < 1 || options.groups < 1)
    throw config_error("model.latent_vars, model.latent_groups: want positive numbers");
  if (options.output_width < 1 || options.output_width % options.groups != 0)
    throw config_error(
        fmt::format("model.latent_dim: want a positive multiple of {} groups, got {}",
                    options.groups, options.output_width));
  if (options.temperature.size() != 3)
    throw config_error(fmt::format("model.latent_temp: want (start, end, decay), got {} numbers",
                                   options.temperature.size()));
  for (const double number : options.temperature)
    if (!(number > 0))
      throw config_error(fmt::format("model.latent_temp: want positive numbers, got {}", number));
}

/// exp of the entropy of each row, summed over rows.
at::Tensor perplexity(const at::Tensor& probabilities_GV) {
  return torch::exp(-(probabilities_GV * torch::log(probabilities_GV + 1e-7)).sum(-1)).sum();
}

}  // namespace

GumbelQuantizerImpl::GumbelQuantizerImpl(const QuantizerOptions& options)
    : options_((check(options), options)),
      temperature_(options.temperature[0]),
      weight_proj_(options.input_width, options.groups * options.entries) {
  vars_ = register_parameter("vars", torch::rand({1, options.groups * options.entries,
                                                  options.output_width / options.groups}));
  register_module("weight_proj", weight_proj_);
  torch::NoGradGuard no_grad;
  weight_proj_->weight.normal_(0, 1);
  weight_proj_->bias.zero_();
}

void GumbelQuantizerImpl::set_num_updates(std::int64_t updates) {
  const auto& t = options_.temperature;
  temperature_ = std::max(t[0] * std::pow(t[2], static_cast<double>(updates)), t[1]);
}

std::int64_t GumbelQuantizerImpl::code_count() const {
  std::int64_t count = 1;
  for (std::int64_t g = 0; g < options_.groups; ++g) count *= options_.entries;
  return count;
}

at::Tensor GumbelQuantizerImpl::lookup(const at::Tensor& code) const {
  const auto V = options_.entries, G = options_.groups;
  std::vector<at::Tensor> parts;
  std::int64_t place = code_count();
  for (std::int64_t g = 0; g < G; ++g) {
    place /= V;
    const auto digit = code.div(place, "floor").remainder(V);
    parts.push_back(vars_[0].index_select(0, digit + g * V));
  }
  return torch::cat(parts, -1);
}

at::Tensor GumbelQuantizerImpl::training_choice(const at::Tensor& logits_nGV,
                                                const at::Tensor& gumbel) const {
  const auto noise = gumbel.defined() ? gumbel.to(logits_nGV.device()).view_as(logits_nGV)
                                      : -torch::empty_like(logits_nGV).exponential_().log();
  return torch::softmax((logits_nGV + noise) / temperature_, -1);
}

GumbelQuantizerImpl::Result GumbelQuantizerImpl::forward(const at::Tensor& x,
                                                         const at::Tensor& gumbel) {
  const auto V = options_.entries, G = options_.groups;
  const auto logits_nGV =
      weight_proj_(x.reshape({-1, x.size(-1)})).to(torch::kFloat).view({-1, G, V});
  const auto best_nG = logits_nGV.argmax(-1);
  Result result;
  // Means over positions: of the most likely entries and of the softmax without temperature.
  result.code_perplexity =
      perplexity(torch::one_hot(best_nG, V).to(logits_nGV.scalar_type()).mean(0));
  result.prob_perplexity = perplexity(torch::softmax(logits_nGV, -1).mean(0));
  auto chosen_nG = best_nG;
  at::Tensor y_nGd;
  if (is_training()) {
    const auto soft_nGV = training_choice(logits_nGV, gumbel);
    chosen_nG = soft_nGV.argmax(-1);
    // Value one-hot, gradient of the softmax; one product per codebook.
    const auto hard = torch::one_hot(chosen_nG, V).to(soft_nGV.scalar_type());
    const auto choice = (hard + (soft_nGV - soft_nGV.detach())).to(vars_.scalar_type());
    y_nGd = torch::bmm(choice.transpose(0, 1), vars_.view({G, V, -1})).transpose(0, 1);
  }
  const auto powers = torch::pow(V, torch::arange(G - 1, -1, -1, chosen_nG.options()));
  result.code = (chosen_nG * powers).sum(-1);
  const auto y = y_nGd.defined() ? y_nGd.reshape({-1, options_.output_width}) : lookup(result.code);
  auto shape = x.sizes().vec();
  shape.back() = options_.output_width;
  result.x = y.view(shape);
  return result;
}

}  // namespace einthoven::nn
