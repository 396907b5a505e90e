// In place of forward_graph.cpp where LibTorch has no CUDA or CUDA's headers are missing.
#include "einthoven/base/error.h"
#include "einthoven/infer/forward_graph.h"

namespace einthoven::infer {

bool has_cuda_graphs() { return false; }

struct ForwardGraph::Recorded {};

ForwardGraph::ForwardGraph(model::Model& /*model*/, const at::Tensor& /*example_BLT*/) {
  throw internal_error("a graph in a build without graphs");
}

ForwardGraph::~ForwardGraph() = default;

bool ForwardGraph::fits(const at::Tensor& /*source_BLT*/) const { return false; }

const model::Output& ForwardGraph::replay(const at::Tensor& /*source_BLT*/) {
  throw internal_error("a graph in a build without graphs");
}

}  // namespace einthoven::infer
