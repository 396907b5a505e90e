#include "einthoven/train/shards.h"

#include <torch/types.h>

#include <nlohmann/json.hpp>

#include "einthoven/distributed/parcel.h"

namespace einthoven::train {
namespace {

constexpr std::int64_t kMostAtOnce = 8 << 20;  ///< elements, unless one parameter has more

}  // namespace

Shards::Shards(distributed::Group& group, const std::vector<at::Tensor>& parameters, bool sharded)
    : group_(group), sharded_(sharded && group.size() > 1), like_(parameters) {
  std::int64_t total = 0, before = 0, in_run = 0;
  for (const at::Tensor& parameter : parameters) total += parameter.numel();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::int64_t size = parameters[i].numel();
    const int owner = static_cast<int>((before + size / 2) * group.size() / total);
    if (runs_.empty() || runs_.back().owner != owner || in_run + size > kMostAtOnce) {
      runs_.push_back({i, i, owner});
      in_run = 0;
    }
    runs_.back().end = i + 1;
    owner_.push_back(owner);
    before += size;
    in_run += size;
  }
}

bool Shards::owns(std::size_t parameter) const {
  return !sharded_ || owner_[parameter] == group_.rank();
}

std::vector<at::Tensor> Shards::owned(const std::vector<at::Tensor>& all) const {
  std::vector<at::Tensor> mine;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (owns(i)) mine.push_back(all[i]);
  return mine;
}

at::Tensor Shards::receive(const Run& run, const std::vector<at::Tensor>& parts,
                           at::ScalarType type) {
  at::Tensor flat;
  if (run.owner == group_.rank()) {
    flat = torch::cat(parts).to(type);
  } else {
    std::int64_t size = 0;
    for (std::size_t i = run.begin; i < run.end; ++i) size += like_[i].numel();
    flat = torch::empty({size}, like_[run.begin].options().dtype(type).requires_grad(false));
  }
  group_.broadcast({flat}, run.owner);
  return flat;
}

std::vector<at::Tensor> Shards::gather(const std::vector<at::Tensor>& mine, at::ScalarType type) {
  if (!sharded_) return mine;
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> all;
  auto next = mine.begin();
  for (const Run& run : runs_) {
    std::vector<at::Tensor> parts;
    for (std::size_t i = run.begin; i < run.end && run.owner == group_.rank(); ++i)
      parts.push_back((next++)->reshape({-1}));
    const at::Tensor flat = receive(run, parts, type);
    std::int64_t from = 0;
    for (std::size_t i = run.begin; i < run.end && group_.is_first(); ++i) {
      all.push_back(flat.narrow(0, from, like_[i].numel()).view(like_[i].sizes()));
      from += like_[i].numel();
    }
  }
  return all;
}

std::vector<std::int64_t> Shards::gather(const std::vector<std::int64_t>& mine) {
  if (!sharded_) return mine;
  std::vector<std::int64_t> all;
  for (const std::string& bytes : group_.gather(distributed::to_bytes(mine)))
    for (const auto& number : distributed::from_bytes(bytes)) all.push_back(number);
  return all;
}

void Shards::share(const std::vector<at::Tensor>& parameters) {
  if (!sharded_) return;
  const at::NoGradGuard no_grad;
  for (const Run& run : runs_) {
    std::vector<at::Tensor> parts;
    for (std::size_t i = run.begin; i < run.end; ++i) parts.push_back(parameters[i].reshape({-1}));
    const at::Tensor flat = receive(run, parts, parameters[run.begin].scalar_type());
    std::int64_t from = 0;
    for (std::size_t i = run.begin; i < run.end && run.owner != group_.rank(); ++i) {
      const at::Tensor& parameter = parameters[i];
      parameter.copy_(flat.narrow(0, from, parameter.numel()).view(parameter.sizes()));
      from += parameter.numel();
    }
  }
}

}  // namespace einthoven::train
