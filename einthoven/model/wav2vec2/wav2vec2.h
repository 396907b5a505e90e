// wav2vec 2.0 on ECGs: masked tokens are recognised among distractors (Baevski et al. 2020;
// Oh et al. 2022 for ECGs and the CMSC variant).
// Shapes: B batch, N tokens, M masked tokens of a row, C convolution width, D encoder width,
// F width of the contrastive space.
#pragma once

#include "einthoven/model/ecg_transformer/ecg_transformer.h"
#include "einthoven/model/wav2vec2/contrast.h"
#include "einthoven/model/wav2vec2/options.h"
#include "einthoven/nn/gumbel_quantizer.h"

namespace einthoven::model {

/// `wav2vec2` and `wav2vec2_cmsc` (one module: the embedding that CMSC needs is always returned).
/// Registered after the encoder's modules: quantizer, project_q, input_quantizer, project_inp,
/// target_glu, final_proj, each only where the options ask for it.
class Wav2Vec2 : public EcgEncoder {
 public:
  /// Config error if pretraining cannot work with these options.
  explicit Wav2Vec2(const Wav2Vec2Options& options);

  /// Masks are drawn unless replayed: time spans from `input.random`, distractors and Gumbel noise
  /// from torch's CPU generator. Masking is on in evaluation too, unless `input.mask` is false.
  Output forward(const Input& input) override;
  void set_num_updates(std::int64_t updates) override;

 private:
  struct Targets {
    at::Tensor projected_BMF;
    at::Tensor identity_BM;  ///< equal numbers: equal targets
    nn::GumbelQuantizerImpl::Result quantized;
  };

  at::Tensor apply_masks(const at::Tensor& x_BND, const Tokens& tokens, const Input& input,
                         at::Tensor& mask_BN);
  Targets targets(const at::Tensor& y_BMC, const at::Tensor& gumbel);
  at::Tensor through_glu(const at::Tensor& y);
  Distractors distractors(const Targets& targets, const at::Tensor& unmasked_BNC,
                          const at::Tensor& positions_BM, const Output& output, const Input& input,
                          at::Tensor& equal_nBM);
  void contrast(const at::Tensor& unmasked_BNC, const at::Tensor& positions_BM, const Input& input,
                Output& output);

  Wav2Vec2Options options_;
  nn::GumbelQuantizer quantizer_{nullptr};
  nn::GumbelQuantizer input_quantizer_{nullptr};
  torch::nn::Linear project_q_{nullptr};
  torch::nn::Linear project_inp_{nullptr};
  torch::nn::Linear target_glu_{nullptr};
  torch::nn::Linear final_proj_{nullptr};
};

}  // namespace einthoven::model
