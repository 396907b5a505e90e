// The ECG transformer: convolutions, positional convolution, transformer encoder.
// Oh et al. 2022 (fairseq-signals), after wav2vec 2.0 (Baevski et al. 2020).
// Shapes: B batch, L leads, T samples, N tokens, C width of the convolutions, D encoder width.
#pragma once

#include <torch/nn/modules/linear.h>

#include "einthoven/model/ecg_transformer/options.h"
#include "einthoven/model/model.h"
#include "einthoven/nn/conv_extractor.h"
#include "einthoven/nn/conv_positions.h"
#include "einthoven/nn/token_mask.h"

namespace einthoven::model {

/// The modules that all ECG transformers share, registered in the order of the reference: mask_emb,
/// encoder, feature_extractor, post_extract_proj, conv_pos, layer_norm.
class EcgEncoder : public Model {
 protected:
  /// `project`: map the convolution width to the encoder width where they differ.
  explicit EcgEncoder(const EcgTransformerOptions& options, bool project = true);

  struct Tokens {
    at::Tensor conv_BCN;         ///< output of the convolutions
    at::Tensor features_BNC;     ///< after layer norm
    at::Tensor padding_mask_BN;  ///< undefined: nothing is padded
  };
  Tokens tokenize(const Input& input, nn::EmptyRow empty_row);
  /// features_BNC -> [B, N, D], with dropout_input.
  at::Tensor project(const Tokens& tokens, const Input& input);
  /// Adds positions, runs the encoder and pools.
  Output encode(at::Tensor x_BND, const at::Tensor& padding_mask_BN, const Input& input);
  at::Tensor dropped(const at::Tensor& x, double probability) const;

  EcgTransformerOptions encoder_options_;
  at::Tensor mask_emb_;
  nn::Transformer encoder_{nullptr};
  nn::ConvExtractor feature_extractor_{nullptr};
  torch::nn::Linear post_extract_proj_{nullptr};
  nn::ConvPositions conv_pos_{nullptr};
  torch::nn::LayerNorm layer_norm_{nullptr};
};

/// `ecg_transformer`: the encoder alone.
class EcgTransformer : public EcgEncoder {
 public:
  explicit EcgTransformer(const EcgTransformerOptions& options) : EcgEncoder(options) {}
  Output forward(const Input& input) override;
};

}  // namespace einthoven::model
