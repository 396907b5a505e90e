// The only file that meets Gloo.
#include <c10/util/Logging.h>
#include <fmt/format.h>
#include <torch/torch.h>

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "einthoven/distributed/gradient_sum.h"
#include "einthoven/distributed/group.h"
#include "einthoven/distributed/nccl_backend.h"

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

/// Connections of which the CPU's are Gloo's, and those of a GPU NCCL's or else Gloo's.
Processes connections(const c10::intrusive_ptr<c10d::Store>& all, const std::string& name,
                      const Place& place, Milliseconds timeout, at::Device device) {
  using Type = c10d::ProcessGroup::BackendType;
  const auto store = c10::make_intrusive<c10d::PrefixStore>(name, all);
  const auto options = c10d::ProcessGroupGloo::Options::create_default(timeout);
  const auto gloo =
      c10::make_intrusive<c10d::ProcessGroupGloo>(store, place.rank, place.size, options);
  auto processes = c10::make_intrusive<c10d::ProcessGroup>(store, place.rank, place.size);
  processes->setBackend(c10::DeviceType::CPU, Type::GLOO, gloo);
  processes->setDefaultBackend(Type::GLOO);
  if (!device.is_cuda()) return processes;
  if (const auto nccl = nccl_backend(store, place, timeout, device))
    processes->setBackend(c10::DeviceType::CUDA, Type::NCCL, nccl);
  else
    processes->setBackend(c10::DeviceType::CUDA, Type::GLOO, gloo);
  return processes;
}

/// Two sets of connections: the buckets of gradients travel on the first at moments of their own,
/// everything else on the second, in the order of the calls.
class C10dGroup final : public Group {
 public:
  C10dGroup(const Place& place, Milliseconds timeout, at::Device device)
      : Group(place),
        store_(meeting_point(place, timeout)),
        gradients_(connections(store_, "gradients", place, timeout, device)),
        others_(connections(store_, "others", place, timeout, device)),
        device_(has_nccl() ? device : at::Device(at::kCPU)) {}

  void sum(at::Tensor& tensor) override {
    std::vector<at::Tensor> sent = {to_send(tensor)};
    guarded(place(), [&] { others_->allreduce(sent)->wait(); });
    if (!sent[0].is_same(tensor)) tensor.copy_(sent[0]);
  }

  void broadcast(const std::vector<at::Tensor>& tensors, int source) override {
    const at::NoGradGuard no_grad;
    c10d::BroadcastOptions options;
    options.rootRank = source;
    for (const at::Tensor& tensor : tensors) {
      std::vector<at::Tensor> sent = {to_send(tensor)};
      guarded(place(), [&] { others_->broadcast(sent, options)->wait(); });
      if (rank() != source) tensor.copy_(sent[0]);
    }
  }

  std::vector<std::string> gather(const std::string& bytes) override {
    const auto sizes = gather_numbers(static_cast<std::int64_t>(bytes.size()));
    const at::Tensor mine = padded(bytes, sizes);
    return mine.numel() == 0 ? std::vector<std::string>(sizes.size())
                             : texts(gather_equal(mine), sizes);
  }

  std::vector<std::string> collect(const std::string& bytes) override {
    const auto sizes = gather_numbers(static_cast<std::int64_t>(bytes.size()));
    std::vector<at::Tensor> mine = {padded(bytes, sizes)};
    std::vector<std::vector<at::Tensor>> rows;
    if (is_first()) rows.emplace_back();
    for (int i = 0; is_first() && i < size(); ++i) rows[0].push_back(torch::empty_like(mine[0]));
    if (mine[0].numel() > 0) guarded(place(), [&] { others_->gather(rows, mine)->wait(); });
    return is_first() ? texts(rows[0], sizes) : std::vector<std::string>();
  }

  std::unique_ptr<GradientSum> gradient_sum(const std::vector<at::Tensor>& parameters,
                                            const Travel& travel) override {
    return guarded(place(), [&] {
      return std::make_unique<ReducerSum>(*this, gradients_, parameters, travel);
    });
  }

 private:
  /// What the connections carry: the tensor itself, or a copy in host memory.
  at::Tensor to_send(const at::Tensor& tensor) const {
    return tensor.detach().to(tensor.device() == device_ ? device_ : at::kCPU).contiguous();
  }

  static at::Tensor padded(const std::string& bytes, const std::vector<std::int64_t>& sizes) {
    at::Tensor row = torch::zeros({*std::max_element(sizes.begin(), sizes.end())}, at::kByte);
    if (!bytes.empty()) std::memcpy(row.data_ptr(), bytes.data(), bytes.size());
    return row;
  }

  static std::vector<std::string> texts(const std::vector<at::Tensor>& rows,
                                        const std::vector<std::int64_t>& sizes) {
    std::vector<std::string> all(rows.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i].assign(static_cast<const char*>(rows[i].data_ptr()),
                    static_cast<std::size_t>(sizes[i]));
    return all;
  }

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
  at::Device device_;  ///< whose tensors travel without a copy
};

}  // namespace

std::unique_ptr<Group> join_group(const Place& place, std::chrono::seconds timeout,
                                  at::Device device) {
  if (place.size == 1) return alone();
  // What the library writes about its sockets and flags arrives here as exceptions, or is no fault.
  if (!environment_variable("TORCH_CPP_LOG_LEVEL")) FLAGS_caffe2_log_level = c10::GLOG_FATAL;
  try {
    return std::make_unique<C10dGroup>(place, timeout, device);
  } catch (const std::exception& error) {
    throw distributed_error(
        place, fmt::format("the processes do not meet at {}:{}: {}", place.address, place.port,
                           first_sentence(error.what())));
  }
}

}  // namespace einthoven::distributed
