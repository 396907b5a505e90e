#include "einthoven/infer/forward_graph.h"

#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

namespace einthoven::infer {
namespace {

// As PyTorch's own recorder does: libraries choose kernels and allocate in the first passes.
constexpr int kWarmUps = 3;

}  // namespace

bool has_cuda_graphs() { return true; }

struct ForwardGraph::Recorded {
  at::cuda::CUDAGraph graph;
  model::Input input;
  model::Output output;
};

ForwardGraph::ForwardGraph(model::Model& model, const at::Tensor& example_BLT)
    : recorded_(std::make_unique<Recorded>()) {
  const at::NoGradGuard no_grad;
  model::Input& input = recorded_->input;
  input.source_BLT = example_BLT.clone();
  input.mask = false;
  input.features_only = true;
  const c10::cuda::CUDAGuard device(example_BLT.device());
  const auto main = c10::cuda::getCurrentCUDAStream();
  const auto side = c10::cuda::getStreamFromPool(/*isHighPriority=*/false);
  main.synchronize();
  {
    const c10::cuda::CUDAStreamGuard recording(side);
    for (int i = 0; i < kWarmUps; ++i) model.forward(input);
    side.synchronize();
    recorded_->graph.capture_begin();
    recorded_->output = model.forward(input);
    recorded_->graph.capture_end();
  }
  side.synchronize();
}

ForwardGraph::~ForwardGraph() = default;

bool ForwardGraph::fits(const at::Tensor& source_BLT) const {
  return source_BLT.sizes() == recorded_->input.source_BLT.sizes();
}

const model::Output& ForwardGraph::replay(const at::Tensor& source_BLT) {
  const c10::cuda::CUDAGuard device(recorded_->input.source_BLT.device());
  recorded_->input.source_BLT.copy_(source_BLT, /*non_blocking=*/true);
  recorded_->graph.replay();
  return recorded_->output;
}

}  // namespace einthoven::infer
