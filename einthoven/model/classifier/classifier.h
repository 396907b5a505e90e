// `ecg_transformer_classifier`: pooled encoder output, one linear map.
#pragma once

#include "einthoven/model/classifier/fine_tuned.h"

namespace einthoven::model {

class EcgTransformerClassifier : public FineTuned {
 public:
  explicit EcgTransformerClassifier(const FineTuningOptions& options);
  /// logits_BK; embedding_BD is the pooled output, encoder_out_BND is 0 at padded tokens.
  Output forward(const Input& input) override;

 private:
  torch::nn::Linear proj_;
};

}  // namespace einthoven::model
