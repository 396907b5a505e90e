// A model over many recordings: read ahead, batched over recordings, failures set aside.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>
#include <vector>

#include "einthoven/distributed/group.h"
#include "einthoven/infer/items.h"
#include "einthoven/infer/loaded_model.h"

namespace einthoven::infer {

/// What the model makes of the S segments of one recording; on the CPU, float32. Undefined where
/// the model has no such result or it was not asked for.
struct ItemOutput {
  std::string name;
  std::vector<std::string> notes;
  std::int64_t segments = 0;
  at::Tensor logits_SK;     ///< classifier: logits; arcface: cosines
  at::Tensor embedding_SD;  ///< mean of the non-zero encoder outputs; arcface: unit vector
  at::Tensor attention_SN;  ///< last layer, mean over heads, largest over keys (ECG-FM saliency)
};

struct Failure {
  std::string name;
  std::string reason;
};

struct RunOptions {
  std::int64_t batch_size = 32;             ///< segments in one forward pass
  bool cuda_graphs = false;                 ///< record the pass of a whole batch (CUDA only)
  int threads = 0;                          ///< that read recordings; 0: all cores
  distributed::Group* processes = nullptr;  ///< which share the recordings; none: one process
};

/// What every command that runs a model over recordings is told.
struct ModelInputs {
  std::string checkpoint;
  std::vector<std::string> inputs;  ///< see list_items()
  PreparationOptions preparation{.rate_hz = 0,
                                 .segment_samples = 0};  ///< zeros: see LoadedModel::preparation()
  format::ReadOptions reading;
  RunOptions run;
  at::Device device = at::kCPU;
  nn::Precision precision = nn::Precision::float32;
};

/// Calls `consume` for each recording in order. A recording that cannot be read or prepared is
/// returned as a failure with its reason; all other errors end the run. Of several processes, each
/// runs the model on its share, and the first one alone gets results and failures, the same for any
/// number. Collective.
std::vector<Failure> run_model(LoadedModel& model, const std::vector<Item>& items,
                               const RunOptions& options,
                               const std::function<void(const ItemOutput&)>& consume);

/// Largest attention over keys of the last layer: `[B, Y, N, N]` -> `[B, N]`.
at::Tensor attention_maximum(const at::Tensor& saliency_BYNN);

}  // namespace einthoven::infer
