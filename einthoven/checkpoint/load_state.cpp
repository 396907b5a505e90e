#include "einthoven/checkpoint/load_state.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <torch/torch.h>

#include <algorithm>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/storage.h"

namespace einthoven::checkpoint {
namespace {

void collect(const torch::nn::Module& module, const std::string& prefix, StateDict& tensors) {
  for (const auto& item : module.named_parameters(false))
    if (item.value().defined()) tensors.set(prefix + item.key(), item.value());
  for (const auto& item : module.named_buffers(false))
    if (item.value().defined()) tensors.set(prefix + item.key(), item.value());
  for (const auto& child : module.named_children())
    collect(*child.value(), prefix + child.key() + ".", tensors);
}

std::string shape_text(const at::Tensor& tensor) {
  return fmt::format("[{}]", fmt::join(tensor.sizes(), ", "));
}

bool is_ignored(const std::string& name, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return name.starts_with(prefix); });
}

/// Everything that keeps `saved` from fitting `wanted`, one text per tensor.
std::vector<std::string> faults_of(const StateDict& wanted, const StateDict& saved,
                                   const LoadRules& rules) {
  std::vector<std::string> faults;
  for (const auto& [name, tensor] : wanted) {
    const at::Tensor* found = saved.find(name);
    if (found == nullptr)
      faults.push_back(fmt::format("missing {} {}", name, shape_text(tensor)));
    else if (found->sizes() != tensor.sizes())
      faults.push_back(fmt::format("misshapen {} (got {}, want {})", name, shape_text(*found),
                                   shape_text(tensor)));
    else if (found->is_floating_point() != tensor.is_floating_point())
      faults.push_back(fmt::format("mistyped {} (got {}, want {})", name,
                                   c10::toString(found->scalar_type()),
                                   c10::toString(tensor.scalar_type())));
  }
  for (const auto& [name, tensor] : saved)
    if (wanted.find(name) == nullptr && !is_ignored(name, rules.ignore_unused))
      faults.push_back(fmt::format("unused {} {}", name, shape_text(tensor)));
  return faults;
}

void require_fit(const StateDict& wanted, const StateDict& saved, const LoadRules& rules) {
  constexpr std::size_t kMostNamed = 20;  // of another model all are wrong
  auto faults = faults_of(wanted, saved, rules);
  if (faults.empty()) return;
  const std::size_t count = faults.size();
  if (count > kMostNamed) {
    faults.resize(kMostNamed);
    faults.push_back(fmt::format("and {} more", count - kMostNamed));
  }
  throw checkpoint_error(rules.source, "model",
                         fmt::format("{} tensors do not fit: {}", count, fmt::join(faults, "; ")));
}

StateDict named_for_module(const StateDict& tensors, const LoadRules& rules) {
  return with_prefix_removed(rename_keys(rename_keys(tensors, weight_norm_rules()), rules.rename),
                             rules.take_only);
}

}  // namespace

StateDict state_of(const torch::nn::Module& module) {
  StateDict tensors;
  collect(module, "", tensors);
  return tensors;
}

StateDict with_prefix_removed(const StateDict& tensors, const std::string& prefix) {
  StateDict result;
  for (const auto& [name, tensor] : tensors)
    if (name.starts_with(prefix)) result.set(name.substr(prefix.size()), tensor);
  return result;
}

void require_state(const torch::nn::Module& module, const StateDict& tensors,
                   const LoadRules& rules) {
  require_fit(state_of(module), named_for_module(tensors, rules), rules);
}

void load_state(torch::nn::Module& module, const StateDict& tensors, const LoadRules& rules) {
  const StateDict saved = named_for_module(tensors, rules);
  const StateDict wanted = state_of(module);
  require_fit(wanted, saved, rules);
  torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : wanted) {
    const at::Tensor& source = *saved.find(name);
    tensor.copy_(source);
    forget_pages(source);
  }
}

}  // namespace einthoven::checkpoint
