// The processes of one run, and what they exchange.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/distributed/place.h"

namespace einthoven::distributed {

/// How gradients travel.
struct Travel {
  std::int64_t bucket_bytes = 25 << 20;  ///< at once
  bool as_half = false;                  ///< in float16, divided by the number of processes before
};

/// Adds up the gradients of an update over processes. Every process calls the same functions in the
/// same order.
class GradientSum {
 public:
  virtual ~GradientSum() = default;
  /// The last backward pass of an update, if every process has one: buckets of gradients travel
  /// while the pass goes on.
  virtual void backward(const at::Tensor& loss) = 0;
  /// After the last pass. The sum over processes is the returned factor times the gradients.
  virtual double finish() = 0;
};

/// Every function is collective: all processes call it, in the same order. Distributed error (exit
/// code 5) if a process has ended or does not answer in time.
class Group {
 public:
  explicit Group(Place place) : place_(std::move(place)) {}
  virtual ~Group() = default;
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  const Place& place() const { return place_; }
  int rank() const { return place_.rank; }
  int size() const { return place_.size; }
  /// The process that writes logs, checkpoints and results.
  bool is_first() const { return place_.rank == 0; }

  /// The sum over processes, in place; the same bits everywhere.
  virtual void sum(at::Tensor& tensor) = 0;
  /// The tensors of process `source` take the place of the others'.
  virtual void broadcast(const std::vector<at::Tensor>& tensors, int source = 0) = 0;
  /// The bytes of every process, by rank.
  virtual std::vector<std::string> gather(const std::string& bytes) = 0;
  /// The same for the first process alone; the others get nothing.
  virtual std::vector<std::string> collect(const std::string& bytes) = 0;
  /// The bytes of the first process.
  std::string broadcast(const std::string& bytes);
  /// Returns when every process has called it.
  void wait_for_all();

  /// `parameters` in the order of the model.
  virtual std::unique_ptr<GradientSum> gradient_sum(const std::vector<at::Tensor>& parameters,
                                                    const Travel& travel) = 0;

 private:
  Place place_;
};

/// A run of one process.
std::unique_ptr<Group> alone();

/// Meets the other processes of `place` through c10d; alone() if there are none. Tensors of the CPU
/// travel by Gloo, those of `device` by NCCL if it is a GPU and this build has NCCL. A process that
/// is silent for `timeout` counts as dead. Distributed error if they do not come together.
std::unique_ptr<Group> join_group(const Place& place, std::chrono::seconds timeout,
                                  at::Device device = at::kCPU);

/// What a message of LibTorch says, without its places in the source and what it adds to it.
std::string first_sentence(std::string message);

Error distributed_error(const Place& place, const std::string& problem);

}  // namespace einthoven::distributed
