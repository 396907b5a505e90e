#include "einthoven/distributed/gradient_sum.h"

#include <torch/torch.h>

#include <algorithm>

namespace einthoven::distributed {
namespace {

// By Gloo and NCCL, when a peer has ended or does not answer.
constexpr const char* kSaidOfPeers[] = {"gloo",     "NCCL",   "onnection",
                                        "imed out", "imeout", "pair closure"};

using Buckets = std::vector<std::vector<std::size_t>>;

/// Parameters in runs of about `bytes` each, the last of the model first: theirs are the first
/// gradients of a backward pass. The first bucket is small, so that it leaves early.
Buckets buckets_of(const std::vector<at::Tensor>& parameters, std::int64_t bytes) {
  const std::vector<std::size_t> sizes = {c10d::kDefaultFirstBucketBytes,
                                          static_cast<std::size_t>(bytes)};
  auto buckets = std::get<0>(c10d::compute_bucket_assignment_by_size(parameters, sizes));
  std::reverse(buckets.begin(), buckets.end());
  return buckets;
}

}  // namespace

ReducerSum::ReducerSum(Group& group, c10::intrusive_ptr<c10d::ProcessGroup> processes,
                       std::vector<at::Tensor> parameters, const Travel& travel)
    : group_(group),
      parameters_(std::move(parameters)),
      travel_(travel),
      reducer_(std::make_unique<c10d::Reducer>(
          parameters_, buckets_of(parameters_, travel.bucket_bytes), std::move(processes),
          std::vector<bool>(parameters_.size(), false), travel.bucket_bytes,
          /*find_unused_parameters=*/true, /*gradient_as_bucket_view=*/false,
          /*param_names=*/std::unordered_map<std::size_t, std::string>(),
          c10d::kDefaultFirstBucketBytes, /*skip_all_reduce_unused_params=*/false,
          /*use_python_reducer=*/false, /*bucket_bytes_cap_list=*/std::vector<std::int64_t>())) {
  if (travel.as_half)
    reducer_->register_builtin_comm_hook(c10d::BuiltinCommHookType::FP16_COMPRESS);
}

void ReducerSum::backward(const at::Tensor& loss) {
  overlapped_ = true;
  reducer_->prepare_for_backward({loss});
  try {
    loss.backward();
  } catch (const std::exception& error) {
    // The engine passes on what either the model or a bucket on its way has thrown.
    const std::string text = error.what();
    const bool of_a_peer =
        std::any_of(std::begin(kSaidOfPeers), std::end(kSaidOfPeers),
                    [&](const char* words) { return text.find(words) != std::string::npos; });
    if (of_a_peer) guarded(group_.place(), []() -> void { throw; });
    throw;
  }
}

double ReducerSum::finish() {
  if (!std::exchange(overlapped_, false)) {
    sum_now();
    return 1;
  }
  return group_.size();  // the Reducer gives the mean
}

void ReducerSum::sum_bucket(at::Tensor& flat) {
  if (!travel_.as_half) return group_.sum(flat);
  at::Tensor half = flat.to(at::kHalf).div_(group_.size());
  group_.sum(half);
  flat = half.to(flat.scalar_type()).mul_(group_.size());
}

/// Where some process had no batch for the last pass: gradients one bucket after the other. A
/// parameter that no process has used keeps no gradient.
void ReducerSum::sum_now() {
  const at::NoGradGuard no_grad;
  std::vector<float> has;
  for (const at::Tensor& parameter : parameters_) has.push_back(parameter.grad().defined());
  at::Tensor used = torch::tensor(has);
  group_.sum(used);
  std::vector<at::Tensor> gradients;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (used[static_cast<std::int64_t>(i)].item<float>() == 0) continue;
    at::Tensor& gradient = parameters_[i].mutable_grad();
    if (!gradient.defined()) gradient = torch::zeros_like(parameters_[i]);
    gradients.push_back(gradient);
  }
  for (const auto& bucket : buckets_of(gradients, travel_.bucket_bytes)) {
    std::vector<at::Tensor> parts;
    parts.reserve(bucket.size());
    for (const std::size_t i : bucket) parts.push_back(gradients[i].reshape({-1}));
    at::Tensor flat = torch::cat(parts);
    sum_bucket(flat);
    std::int64_t from = 0;
    for (const std::size_t i : bucket) {
      gradients[i].copy_(flat.narrow(0, from, gradients[i].numel()).view_as(gradients[i]));
      from += gradients[i].numel();
    }
  }
}

}  // namespace einthoven::distributed
