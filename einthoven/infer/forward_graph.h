// A forward pass of fixed shape as a CUDA graph: all its kernels are started by one call.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "einthoven/model/model.h"

namespace einthoven::infer {

/// True if this build can record graphs (a LibTorch with CUDA, and CUDA's headers).
bool has_cuda_graphs();

class ForwardGraph {
 public:
  /// Runs the model on `example_BLT` (on a CUDA device) to settle its libraries, then records it.
  /// The model must outlive the graph and keep its weights where they are. Only in builds with
  /// graphs.
  ForwardGraph(model::Model& model, const at::Tensor& example_BLT);
  ~ForwardGraph();
  ForwardGraph(ForwardGraph&&) = delete;

  bool fits(const at::Tensor& source_BLT) const;
  /// The recorded pass on another input that fits. The results are overwritten by the next call.
  const model::Output& replay(const at::Tensor& source_BLT);

 private:
  struct Recorded;
  std::unique_ptr<Recorded> recorded_;
};

}  // namespace einthoven::infer
