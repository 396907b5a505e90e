// Named tensors in the order of the model's registration.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace einthoven::checkpoint {

/// An ordered map from parameter or buffer name to tensor.
class StateDict {
 public:
  using Entry = std::pair<std::string, at::Tensor>;

  void set(std::string name, at::Tensor tensor);
  const at::Tensor* find(std::string_view name) const;
  bool erase(std::string_view name);
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> index_;
};

}  // namespace einthoven::checkpoint
