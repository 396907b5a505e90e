// Gradients added up by c10d's Reducer, as DistributedDataParallel does.
#pragma once

#include <memory>
#include <torch/csrc/distributed/c10d/reducer.hpp>
#include <vector>

#include "einthoven/distributed/group.h"

namespace einthoven::distributed {

/// Runs `work`; what c10d throws becomes a distributed error.
template <class Work>
auto guarded(const Place& place, const Work& work) {
  try {
    return work();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw distributed_error(
        place, "another process has ended or does not answer: " + first_sentence(error.what()));
  }
}

class ReducerSum final : public GradientSum {
 public:
  /// Parameters without gradient in a pass are found by walking its graph, so a model may leave
  /// some unused (frozen encoders), and different ones in every update.
  ReducerSum(Group& group, c10::intrusive_ptr<c10d::ProcessGroup> processes,
             std::vector<at::Tensor> parameters, const Travel& travel);
  void backward(const at::Tensor& loss) override;
  double finish() override;

 private:
  void sum_now();
  void sum_bucket(at::Tensor& flat);

  Group& group_;
  std::vector<at::Tensor> parameters_;
  Travel travel_;
  std::unique_ptr<c10d::Reducer> reducer_;
  bool overlapped_ = false;
};

}  // namespace einthoven::distributed
