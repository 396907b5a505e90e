// Options of the ECG transformer; every model built on it inherits them.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "einthoven/base/span_mask.h"
#include "einthoven/config/visitor.h"
#include "einthoven/nn/transformer.h"

namespace einthoven::model {

/// Keys that every model has.
struct PretrainingOptions {
  bool all_gather = false;
  bool normalize = false;
  bool filter = false;
  std::optional<std::string> data;
  config::Value args;
  void describe(config::Visitor& v);
};

/// The encoder and the masks of pretraining.
struct TransformerModelOptions : PretrainingOptions {
  std::int64_t encoder_layers = 12;
  std::int64_t encoder_embed_dim = 768;
  std::int64_t encoder_ffn_embed_dim = 3072;
  std::int64_t encoder_attention_heads = 12;
  bool layer_norm_first = false;
  bool saliency = false;
  double dropout = 0.1;
  double attention_dropout = 0.1;
  double activation_dropout = 0;
  double encoder_layerdrop = 0;
  double dropout_input = 0;
  double dropout_features = 0;
  bool checkpoint_activations = false;
  bool apply_mask = false;
  std::int64_t mask_length = 10;
  double mask_prob = 0;
  std::string mask_selection = "static";
  double mask_other = 0;
  bool no_mask_overlap = false;
  std::int64_t mask_min_space = 1;
  std::int64_t mask_channel_length = 10;
  double mask_channel_prob = 0;
  std::string mask_channel_selection = "static";
  double mask_channel_other = 0;
  bool no_mask_channel_overlap = false;
  std::int64_t mask_channel_min_space = 1;
  void describe(config::Visitor& v);

  nn::TransformerOptions transformer() const;
  SpanMaskOptions time_mask() const;
  SpanMaskOptions channel_mask() const;
};

/// `ecg_transformer`: adds the convolutions before the encoder.
struct EcgTransformerOptions : TransformerModelOptions {
  std::string extractor_mode = "default";
  std::string conv_feature_layers = "[(256, 2, 2)] * 4";
  std::int64_t in_d = 12;
  bool conv_bias = false;
  double feature_grad_mult = 1;
  std::int64_t conv_pos = 128;
  std::int64_t conv_pos_groups = 16;
  void describe(config::Visitor& v);
};

/// A head on a pretrained encoder: no dropout inside, convolutions frozen unless asked for.
struct FineTuningOptions : EcgTransformerOptions {
  std::optional<std::string> model_path;
  bool no_pretrained_weights = false;
  std::int64_t freeze_finetune_updates = 0;
  double final_dropout = 0;
  std::int64_t num_labels = 1;
  FineTuningOptions();
  void describe(config::Visitor& v);
};

}  // namespace einthoven::model
