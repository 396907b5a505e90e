#include "einthoven/checkpoint/state_dict.h"

namespace einthoven::checkpoint {

void StateDict::set(std::string name, at::Tensor tensor) {
  const auto [found, added] = index_.emplace(name, entries_.size());
  if (added)
    entries_.emplace_back(std::move(name), std::move(tensor));
  else
    entries_[found->second].second = std::move(tensor);
}

const at::Tensor* StateDict::find(std::string_view name) const {
  const auto found = index_.find(std::string(name));
  return found == index_.end() ? nullptr : &entries_[found->second].second;
}

bool StateDict::erase(std::string_view name) {
  const auto found = index_.find(std::string(name));
  if (found == index_.end()) return false;
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(found->second));
  index_.clear();
  for (std::size_t i = 0; i < entries_.size(); ++i) index_[entries_[i].first] = i;
  return true;
}

}  // namespace einthoven::checkpoint
