// `einthoven evaluate`: figures of a checkpoint on manifests, and extraction of its tensors.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "einthoven/config/resolve.h"
#include "einthoven/distributed/group.h"
#include "einthoven/infer/loaded_model.h"
#include "einthoven/infer/subset_metrics.h"
#include "einthoven/nn/frozen_linear.h"

namespace einthoven::infer {

struct EvaluateRequest {
  config::Schema schema;                 ///< of all groups
  std::optional<config::Recipe> recipe;  ///< as fairseq-hydra-validate; none: as the checkpoint
  std::vector<config::Override> overrides;
  bool with_labels = true;   ///< false: only extraction (fairseq-hydra-inference)
  bool with_arrays = false;  ///< extracted tensors also as true .npy
  std::string label_def;
  metric::BootstrapOptions bootstrap;
  at::Device device = at::kCPU;
  distributed::Group* processes = nullptr;  ///< which share the batches; none: one process
  nn::Precision precision = nn::Precision::float32;
};

struct SubsetEvaluation {
  std::string subset;
  std::int64_t rows = 0;
  /// What the criterion logs: loss (base 2), counters, scores; as the reference prints it.
  std::vector<std::pair<std::string, double>> stats;
  std::vector<NamedInterval> overall;  ///< classification only
  std::vector<LabelMetrics> labels;
  std::vector<std::string> files;
};

/// One result for each name in dataset.valid_subset. Rows are in the order of the manifest. Of
/// several processes the first gets the results and writes the files, the same for any number; the
/// others get nothing. Collective.
std::vector<SubsetEvaluation> evaluate(const EvaluateRequest& request);

}  // namespace einthoven::infer
