#include "einthoven/model/wav2vec2/options.h"

namespace einthoven::model {

void Wav2Vec2Options::describe(config::Visitor& v) {
  EcgTransformerOptions::describe(v);
  v.field("logit_temp", logit_temp, "divides the cosines");
  v.field("quantize_targets", quantize_targets, "contrast with quantised targets");
  v.field("quantize_input", quantize_input, "quantise the encoder's input too");
  v.field("same_quantizer", same_quantizer, "use the targets' codebooks for the input");
  v.field("target_glu", target_glu, "linear map and GLU on the targets");
  v.field("latent_vars", latent_vars, "entries of each codebook", {.least = 1});
  v.field("latent_groups", latent_groups, "codebooks", {.least = 1});
  v.field("latent_dim", latent_dim, "width of a code; 0: final_dim", {.least = 0});
  v.field("final_dim", final_dim, "width of the contrastive space; 0: encoder width", {.least = 0});
  v.field("num_negatives", num_negatives, "distractors from the same segment", {.least = 0});
  v.field("negatives_from_everywhere", negatives_from_everywhere,
          "draw distractors from all tokens, not only from masked ones");
  v.field("cross_sample_negatives", cross_sample_negatives, "distractors from the whole batch",
          {.least = 0});
  v.field("legacy_cross_sample_negatives", legacy_cross_sample_negatives,
          "as fairseq-signals: a distractor of the batch may be the token itself");
  v.field("codebook_negatives", codebook_negatives, "distractors from the codebooks", {.least = 0});
  v.field("latent_temp", latent_temp, "softmax temperature: start, end, factor per update");
}

}  // namespace einthoven::model
