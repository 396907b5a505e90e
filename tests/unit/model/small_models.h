// The "small" configurations of the golden values.
#pragma once

#include <nlohmann/json.hpp>

#include "deterministic_fill.h"
#include "einthoven/model/model.h"

namespace einthoven::test {

inline config::Value small_options(const char* name) {
  return {{"_name", name},
          {"encoder_layers", 2},
          {"encoder_embed_dim", 64},
          {"encoder_ffn_embed_dim", 128},
          {"encoder_attention_heads", 4},
          {"conv_feature_layers", "[(32, 2, 2)] * 4"},
          {"conv_pos", 32},
          {"conv_pos_groups", 4}};
}

inline config::Value small_wav2vec2() {
  auto options = small_options("wav2vec2_cmsc");
  options.update({{"apply_mask", true},
                  {"mask_prob", 0.65},
                  {"quantize_targets", true},
                  {"final_dim", 16},
                  {"latent_vars", 8}});
  return options;
}

inline config::Value without_dropout(config::Value options) {
  for (const auto* key : {"dropout", "attention_dropout"}) options[key] = 0.0;
  return options;
}

/// In evaluation mode, with the weights of the formula.
inline std::shared_ptr<model::Model> filled_model(const config::Value& options) {
  auto model = model::build_model(options);
  fill(*model);
  model->eval();
  return model;
}

/// (2, 12, 500); `padded`: samples 400..499 of row 1 are padding.
inline model::Input small_input(bool padded) {
  model::Input input;
  input.source_BLT = filled({2, 12, 500});
  if (padded) {
    input.source_BLT.select(0, 1).slice(1, 400).zero_();
    input.padding_mask_BLT = torch::zeros({2, 12, 500}, torch::kBool);
    input.padding_mask_BLT.select(0, 1).slice(1, 400).fill_(true);
  }
  return input;
}

}  // namespace einthoven::test
