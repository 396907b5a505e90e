// `einthoven embed`: one vector per segment or recording.
#pragma once

#include <string>
#include <vector>

#include "einthoven/infer/predict.h"

namespace einthoven::infer {

struct EmbedOptions : ModelInputs {
  bool per_segment = false;  ///< one row a segment, else their mean
};

/// Embeddings as a table with columns e0, e1, ...: for each channel the mean over the tokens whose
/// encoder output is not zero (ECG-FM's embs.py); for arcface the unit vector that tells patients
/// apart (the mean over segments is brought back to length 1).
PredictionTable embed(const EmbedOptions& options);

}  // namespace einthoven::infer
