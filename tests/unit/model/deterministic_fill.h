// Weights and inputs by a formula, so that golden values need no files.
#pragma once

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/checkpoint/load_state.h"

namespace einthoven::test {

/// Uniform in [-1, 1) from tensor number `k` and flat index `i` (SplitMix64).
inline double uniform(std::uint64_t k, std::uint64_t i) {
  std::uint64_t z = (k << 32) + i + 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  z ^= z >> 31;
  return 2 * (static_cast<double>(z >> 40) / 16777216.0) - 1;
}

inline at::Tensor filled(at::IntArrayRef shape, std::uint64_t k = 1000000) {
  auto x = torch::empty(shape);
  auto* data = x.data_ptr<float>();
  for (std::int64_t i = 0; i < x.numel(); ++i)
    data[i] = static_cast<float>(uniform(k, static_cast<std::uint64_t>(i)));
  return x;
}

inline bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

inline void fill(const std::string& name, std::uint64_t k, at::Tensor tensor) {
  auto* data = tensor.data_ptr<float>();
  const double fan =
      std::sqrt(3.0 * static_cast<double>(tensor.size(0)) / static_cast<double>(tensor.numel()));
  const bool vector = tensor.dim() == 1, weight = ends_with(name, ".weight");
  for (std::int64_t i = 0; i < tensor.numel(); ++i) {
    const double r = uniform(k, static_cast<std::uint64_t>(i));
    double value = static_cast<float>(r) * static_cast<float>(fan);
    if (ends_with(name, "original0"))
      value = 4 * (1 + 0.1 * r);
    else if (vector)
      value = weight ? 1 + 0.1 * r : 0.1 * r;
    data[i] = static_cast<float>(value);
  }
}

/// Numbers the tensors by the byte-wise order of their names.
inline void fill(torch::nn::Module& module) {
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  for (const auto& [name, tensor] : checkpoint::state_of(module))
    tensors.emplace_back(name, tensor);
  std::sort(tensors.begin(), tensors.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  torch::NoGradGuard no_grad;
  for (std::size_t k = 0; k < tensors.size(); ++k)
    fill(tensors[k].first, k, tensors[k].second.detach());
}

inline double total(const at::Tensor& x) { return x.to(torch::kDouble).sum().item<double>(); }
inline double abs_total(const at::Tensor& x) {
  return x.to(torch::kDouble).abs().sum().item<double>();
}

/// Value `i` of the flattened tensor; negative: from the end.
inline double value(const at::Tensor& x, std::int64_t i) {
  return x.flatten()[i < 0 ? x.numel() + i : i].item<double>();
}

}  // namespace einthoven::test
