// Options of wav2vec 2.0 pretraining on ECGs.
#pragma once

#include "einthoven/model/ecg_transformer/options.h"

namespace einthoven::model {

/// `wav2vec2` and `wav2vec2_cmsc`.
struct Wav2Vec2Options : EcgTransformerOptions {
  double logit_temp = 0.1;
  bool quantize_targets = false;
  bool quantize_input = false;
  bool same_quantizer = false;
  bool target_glu = false;
  std::int64_t latent_vars = 320;
  std::int64_t latent_groups = 2;
  std::int64_t latent_dim = 0;
  std::int64_t final_dim = 0;
  std::int64_t num_negatives = 100;
  bool negatives_from_everywhere = false;
  std::int64_t cross_sample_negatives = 0;
  bool legacy_cross_sample_negatives = false;
  std::int64_t codebook_negatives = 0;
  std::vector<double> latent_temp{2, 0.5, 0.999995};
  void describe(config::Visitor& v);

  /// Width of the contrastive space: final_dim, or the encoder's if that is not positive (the
  /// reference promises this and builds layers of width 0).
  std::int64_t contrast_width() const { return final_dim > 0 ? final_dim : encoder_embed_dim; }
};

}  // namespace einthoven::model
