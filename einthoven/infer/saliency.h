// `einthoven saliency`: where in a recording the model looks.
#pragma once

#include <string>
#include <vector>

#include "einthoven/infer/predict.h"
#include "einthoven/plot/ecg_paper.h"

namespace einthoven::infer {

/// The inputs are recordings and folders of recordings.
struct SaliencyOptions : ModelInputs {
  std::string output = {};      ///< folder
  std::string picture = "png";  ///< png, svg, pdf or none
  plot::EcgPageOptions page = {};
};

struct SaliencyResult {
  std::size_t recordings = 0;  ///< without the failures
  std::vector<std::string> files;
  std::vector<Failure> failures;
};

/// For each recording NAME.npy, `[segments, tokens]`: the largest attention that each token of the
/// last layer gives to any token, averaged over heads before (ECG-FM's saliency.py); and NAME.png:
/// the ECG in millivolts, coloured by it. Each segment's attention is brought to one value a sample
/// by a cubic spline; ECG-FM's notebook stretches it over 2500 times its tokens and so shows only
/// the first of them.
SaliencyResult saliency(SaliencyOptions options);

/// `[S, N]` attention to `S * samples` values, segment after segment.
std::vector<float> saliency_per_sample(const at::Tensor& attention_SN, std::int64_t samples);

}  // namespace einthoven::infer
