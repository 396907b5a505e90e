// The interface that tasks, training and inference use for every model.
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <memory>

#include "einthoven/base/numpy_random.h"
#include "einthoven/config/value.h"
#include "einthoven/nn/observer.h"

namespace einthoven::model {

/// Random draws recorded elsewhere, replayed instead of drawing (parity tests). Undefined: draw.
struct ReplayedDraws {
  at::Tensor mask_indices_BN;          ///< bool, span masks over tokens
  at::Tensor mask_channel_indices_BD;  ///< bool, masked channels
  at::Tensor negatives;                ///< int64 [B, M * n], rows of the flattened targets
  at::Tensor codebook_negatives;       ///< int64, codebook entries
  at::Tensor gumbel;                   ///< float32 [B * M * G, V]
  at::Tensor gumbel_input;             ///< float32 [B * N * G, V], of a quantised input
  at::Tensor negative_is_positive;     ///< bool [n, B, M]
};

struct Input {
  at::Tensor source_BLT;        ///< float32, millivolts or standardised
  at::Tensor padding_mask_BLT;  ///< bool, true = padding; undefined: none
  at::Tensor mask_indices_BN;   ///< bool, span masks made in advance; undefined: draw
  bool mask = true;             ///< apply span masks (pretraining models)
  bool features_only = false;   ///< stop after the encoder
  bool saliency = false;        ///< return attention even if the configuration does not ask for it
  NumpyRandom* random = nullptr;  ///< source of masks and layer drops; required if any is drawn
  const ReplayedDraws* replay = nullptr;
  nn::Observer observer;  ///< sees intermediate results
};

/// Fields that a model does not produce stay undefined.
struct Output {
  at::Tensor encoder_out_BND;
  at::Tensor padding_mask_BN;  ///< bool, undefined: none
  at::Tensor saliency_BYNN;    ///< attention averaged over heads, layer Y
  at::Tensor logits_BK;        ///< classifier: logits; arcface: cosines
  at::Tensor embedding_BD;     ///< arcface: normalised embedding; others: pooled encoder output
  // Pretraining (wav2vec 2.0)
  at::Tensor contrast_XBM;         ///< [1 + negatives, B, M], entry 0 is the positive
  at::Tensor features_penalty;     ///< scalar
  at::Tensor code_perplexity;      ///< scalar
  at::Tensor prob_perplexity;      ///< scalar
  std::int64_t codebook_size = 0;  ///< V * G, 0 without quantizer
  double temperature = 0;
};

class Model : public torch::nn::Module {
 public:
  virtual Output forward(const Input& input) = 0;
  /// Called with the number of finished updates before each forward (temperature, freezing).
  virtual void set_num_updates(std::int64_t /*updates*/) {}
};

/// Builds the model that `config["_name"]` names, randomly initialised from torch's generator.
/// `for_checkpoint`: keys that the model does not know are ignored, not a config error (old
/// checkpoints), and weights of the encoder are left undefined, as all are loaded next.
std::shared_ptr<Model> build_model(const config::Value& config, bool for_checkpoint = false);

}  // namespace einthoven::model
