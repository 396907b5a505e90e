// The only file that meets Gloo.
#include <fmt/format.h>
#include <torch/torch.h>

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "einthoven/distributed/gradient_sum.h"
#include "einthoven/distributed/group.h"

namespace einthoven::distributed {
namespace {

using Milliseconds = std::chrono::milliseconds;
using Processes = c10::intrusive_ptr<c10d::ProcessGroup>;

c10::intrusive_ptr<c10d::Store> meeting_point(const Place& place, Milliseconds timeout) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<std::uint16_t>(place.port);
  options.isServer = place.rank == 0 && !place.agent_store;
  options.numWorkers = static_cast<std::size_t>(place.size);
  options.waitWorkers = false;
  options.timeout = timeout;
  auto store = c10::make_intrusive<c10d::TCPStore>(place.address, options);
  return c10::make_intrusive<c10d::PrefixStore>(place.key_prefix + "/einthoven", store);
}

Processes gloo(const c10::intrusive_ptr<c10d::Store>& all, const std::string& name,
               const Place& place, Milliseconds timeout) {
  const auto store = c10::make_intrusive<c10d::PrefixStore>(name, all);
  const auto options = c10d::ProcessGroupGloo::Options::create_default(timeout);
  const auto backend =
      c10::make_intrusive<c10d::ProcessGroupGloo>(store, place.rank, place.size, options);
  auto processes = c10::make_intrusive<c10d::ProcessGroup>(store, place.rank, place.size);
  for (const auto device : {c10::DeviceType::CPU, c10::DeviceType::CUDA})
    processes->setBackend(device, c10d::ProcessGroup::BackendType::GLOO, backend);
  processes->setDefaultBackend(c10d::ProcessGroup::BackendType::GLOO);
  return processes;
}

/// Two sets of connections: the buckets of gradients travel on the first at moments of their own,
/// everything else on the second, in the order of the calls.
class C10dGroup final : public Group {
 public:
  C10dGroup(const Place& place, Milliseconds timeout)
      : Group(place),
        store_(meeting_point(place, timeout)),
        gradients_(gloo(store_, "gradients", place, timeout)),
        others_(gloo(store_, "others", place, timeout)) {}

  void sum(at::Tensor& tensor) override {
    std::vector<at::Tensor> host = {tensor.detach().to(at::kCPU).contiguous()};
    guarded(place(), [&] { others_->allreduce(host)->wait(); });
    if (!host[0].is_same(tensor)) tensor.copy_(host[0]);
  }

  void broadcast(const std::vector<at::Tensor>& tensors) override {
    const at::NoGradGuard no_grad;
    for (const at::Tensor& tensor : tensors) {
      std::vector<at::Tensor> host = {tensor.detach().to(at::kCPU).contiguous()};
      guarded(place(), [&] { others_->broadcast(host)->wait(); });
      if (!is_first()) tensor.copy_(host[0]);
    }
  }

  std::vector<std::string> gather(const std::string& bytes) override {
    const auto sizes = gather_numbers(static_cast<std::int64_t>(bytes.size()));
    const std::int64_t widest = *std::max_element(sizes.begin(), sizes.end());
    std::vector<std::string> all(sizes.size());
    if (widest == 0) return all;
    at::Tensor mine = torch::zeros({widest}, at::kByte);
    std::memcpy(mine.data_ptr(), bytes.data(), bytes.size());
    const auto rows = gather_equal(mine);
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i].assign(static_cast<const char*>(rows[i].data_ptr()),
                    static_cast<std::size_t>(sizes[i]));
    return all;
  }

  std::unique_ptr<GradientSum> gradient_sum(const std::vector<at::Tensor>& parameters,
                                            std::int64_t bucket_bytes) override {
    return guarded(place(), [&] {
      return std::make_unique<ReducerSum>(*this, gradients_, parameters, bucket_bytes);
    });
  }

 private:
  std::vector<at::Tensor> gather_equal(const at::Tensor& mine) {
    std::vector<at::Tensor> sent = {mine};
    std::vector<std::vector<at::Tensor>> rows(1);
    for (int i = 0; i < size(); ++i) rows[0].push_back(torch::empty_like(mine));
    guarded(place(), [&] { others_->allgather(rows, sent)->wait(); });
    return rows[0];
  }

  std::vector<std::int64_t> gather_numbers(std::int64_t mine) {
    std::vector<std::int64_t> numbers;
    for (const at::Tensor& row : gather_equal(torch::full({1}, mine, at::kLong)))
      numbers.push_back(row.item<std::int64_t>());
    return numbers;
  }

  c10::intrusive_ptr<c10d::Store> store_;
  Processes gradients_;
  Processes others_;
};

}  // namespace

std::unique_ptr<Group> join_group(const Place& place, std::chrono::seconds timeout) {
  if (place.size == 1) return alone();
  try {
    return std::make_unique<C10dGroup>(place, timeout);
  } catch (const std::exception& error) {
    const std::string text = error.what();
    throw distributed_error(
        place, fmt::format("the processes do not meet at {}:{}: {}", place.address, place.port,
                           text.substr(0, text.find('\n'))));
  }
}

}  // namespace einthoven::distributed
