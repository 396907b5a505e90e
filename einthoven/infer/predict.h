// `einthoven infer`: label probabilities of recordings.
#pragma once

#include <string>
#include <vector>

#include "einthoven/infer/prediction_table.h"
#include "einthoven/infer/run_model.h"

namespace einthoven::infer {

struct PredictOptions : ModelInputs {
  std::string label_def = {};        ///< label_def.csv; empty: labels are numbered
  std::string aggregation = "mean";  ///< see parse_aggregation(); "none": one row a segment
};

/// Sigmoid of the logits of each segment, aggregated over the segments of a recording. Usage error
/// if the checkpoint holds no classifier.
PredictionTable predict(const PredictOptions& options);

/// A row of a `[K]` tensor on the CPU.
std::vector<float> to_vector(const at::Tensor& values_K);

}  // namespace einthoven::infer
