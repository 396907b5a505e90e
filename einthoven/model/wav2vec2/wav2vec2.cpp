#include "einthoven/model/wav2vec2/wav2vec2.h"

#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/model/wav2vec2/negatives.h"
#include "einthoven/nn/on_device.h"

namespace einthoven::model {
namespace {

nn::GumbelQuantizer make_quantizer(const Wav2Vec2Options& options, std::int64_t input_width,
                                   std::int64_t output_width) {
  nn::QuantizerOptions quantizer;
  quantizer.input_width = input_width;
  quantizer.entries = options.latent_vars;
  quantizer.groups = options.latent_groups;
  quantizer.output_width = options.latent_dim > 0 ? options.latent_dim : output_width;
  quantizer.temperature = options.latent_temp;
  return nn::GumbelQuantizer(quantizer);
}

const ReplayedDraws& replayed(const Input& input) {
  static const ReplayedDraws none;
  return input.replay ? *input.replay : none;
}

NumpyRandom& random_of(const Input& input) {
  if (input.random == nullptr) throw internal_error("masks need a source of random numbers");
  return *input.random;
}

at::Tensor gather_tokens(const at::Tensor& x_BND, const at::Tensor& positions_BM) {
  return x_BND.gather(1, positions_BM.unsqueeze(2).expand({-1, -1, x_BND.size(2)}));
}

/// What the penalty of few codes needs.
void describe_codes(const nn::GumbelQuantizerImpl& quantizer,
                    const nn::GumbelQuantizerImpl::Result& codes, Output& output) {
  output.codebook_size = quantizer.codebook_size();
  output.temperature = quantizer.temperature();
  output.code_perplexity = codes.code_perplexity;
  output.prob_perplexity = codes.prob_perplexity;
}

}  // namespace

Wav2Vec2::Wav2Vec2(const Wav2Vec2Options& options)
    : EcgEncoder(options, !options.quantize_input), options_(options) {
  if (options.codebook_negatives > 0 && !options.quantize_targets)
    throw config_error("model.codebook_negatives: needs model.quantize_targets=true");
  if (options.mask_prob > 0 && !options.apply_mask)
    throw config_error("model.mask_prob: needs model.apply_mask=true");
  const auto conv_width = feature_extractor_->output_width();
  const auto width = options.contrast_width();
  auto target_width = conv_width;
  if (options.quantize_targets) {
    quantizer_ = register_module("quantizer", make_quantizer(options, conv_width, width));
    target_width = options.latent_dim > 0 ? options.latent_dim : width;
  }
  project_q_ = register_module("project_q", torch::nn::Linear(target_width, width));
  if (options.quantize_input) {
    const bool shared = options.same_quantizer && quantizer_;
    const auto encoder_width = options.encoder_embed_dim;
    input_quantizer_ = shared ? quantizer_
                              : register_module("input_quantizer",
                                                make_quantizer(options, conv_width, encoder_width));
    const auto code_width = options.latent_dim > 0 ? options.latent_dim
                            : shared               ? width
                                                   : encoder_width;
    project_inp_ = register_module("project_inp", torch::nn::Linear(code_width, encoder_width));
  }
  if (options.target_glu)
    target_glu_ = register_module("target_glu", std::make_shared<torch::nn::Module>("TargetGlu"))
                      ->register_module("0", torch::nn::Linear(width, 2 * width));
  final_proj_ = register_module("final_proj", torch::nn::Linear(options.encoder_embed_dim, width));
}

void Wav2Vec2::set_num_updates(std::int64_t updates) {
  if (quantizer_) quantizer_->set_num_updates(updates);
  if (input_quantizer_) input_quantizer_->set_num_updates(updates);
}

at::Tensor Wav2Vec2::apply_masks(const at::Tensor& x_BND, const Tokens& tokens, const Input& input,
                                 at::Tensor& mask_BN) {
  const auto B = x_BND.size(0), N = x_BND.size(1), D = x_BND.size(2);
  const auto& replay = replayed(input);
  const auto& given_BN =
      replay.mask_indices_BN.defined() ? replay.mask_indices_BN : input.mask_indices_BN;
  auto x = x_BND;
  if (options_.mask_prob > 0) {
    mask_BN = given_BN.defined() ? given_BN
                                 : nn::draw_span_mask(B, N, tokens.padding_mask_BN,
                                                      options_.time_mask(), random_of(input));
    x = torch::where(nn::on_device(mask_BN, x.device()).unsqueeze(-1), mask_emb_, x);
  }
  if (options_.mask_channel_prob > 0) {
    const auto channels_BD =
        replay.mask_channel_indices_BD.defined()
            ? replay.mask_channel_indices_BD
            : nn::draw_span_mask(B, D, {}, options_.channel_mask(), random_of(input));
    x = x.masked_fill(nn::on_device(channels_BD, x.device()).unsqueeze(1), 0);
  }
  return x;
}

at::Tensor Wav2Vec2::through_glu(const at::Tensor& y) {
  return target_glu_ ? torch::glu(target_glu_(y), -1) : y;
}

Wav2Vec2::Targets Wav2Vec2::targets(const at::Tensor& y_BMC, const at::Tensor& gumbel) {
  Targets targets;
  auto y = y_BMC;
  if (quantizer_) {
    targets.quantized = quantizer_->forward(y, gumbel);
    y = targets.quantized.x;
    targets.identity_BM = targets.quantized.code.view({y.size(0), y.size(1)});
  }
  targets.projected_BMF = project_q_(y);
  return targets;
}

/// Distractors of the masked tokens and which of them equal their target. Equality is that of
/// codes: products of equal codes need not be equal to the last bit.
Distractors Wav2Vec2::distractors(const Targets& own, const at::Tensor& unmasked_BNC,
                                  const at::Tensor& positions_BM, const Output& output,
                                  const Input& input, at::Tensor& equal_nBM) {
  const auto B = positions_BM.size(0), M = positions_BM.size(1);
  const auto within = options_.num_negatives, across = options_.cross_sample_negatives;
  const auto& replay = replayed(input);
  Distractors result;
  result.within_row = across == 0;
  result.are_targets = !options_.negatives_from_everywhere;
  auto candidates = own;
  if (options_.negatives_from_everywhere) candidates = targets(unmasked_BNC, {});
  if (replay.negatives.defined())
    result.rows_BMn = replay.negatives.to(torch::kLong).view({B, M, within + across});
  else if (options_.negatives_from_everywhere) {
    const auto N = unmasked_BNC.size(1);
    auto valid_B = torch::full({B}, N, torch::kLong);
    if (output.padding_mask_BN.defined())
      valid_B = output.padding_mask_BN.logical_not().sum(1).to(torch::kCPU);
    result.rows_BMn = draw_negatives_from_everywhere(positions_BM, valid_B, N, within, across);
  } else {
    const auto rule =
        options_.legacy_cross_sample_negatives ? CrossSample::legacy : CrossSample::other;
    result.rows_BMn = draw_masked_negatives(B, M, within, across, rule);
  }
  result.rows_BMn = nn::on_device(result.rows_BMn, unmasked_BNC.device());
  result.candidates_BKF = through_glu(candidates.projected_BMF);

  if (!quantizer_) {  // equal features, e.g. of a flat stretch
    const auto n = own.projected_BMF.numel() / own.projected_BMF.size(-1);
    const auto rows =
        torch::cat({own.projected_BMF.flatten(0, 1), candidates.projected_BMF.flatten(0, 1)});
    const auto identities = row_identities(rows);
    equal_nBM = identities.narrow(0, n, rows.size(0) - n)
                    .index_select(0, result.rows_BMn.flatten())
                    .view_as(result.rows_BMn)
                    .eq(identities.narrow(0, 0, n).view({B, M, 1}))
                    .permute({2, 0, 1});
    return result;
  }
  equal_nBM = candidates.identity_BM.flatten()
                  .index_select(0, result.rows_BMn.flatten())
                  .view_as(result.rows_BMn)
                  .eq(own.identity_BM.unsqueeze(2))
                  .permute({2, 0, 1});
  if (const auto count = options_.codebook_negatives; count > 0) {
    const auto drawn = replay.codebook_negatives.defined()
                           ? replay.codebook_negatives.to(torch::kLong)
                           : torch::randint(quantizer_->code_count(), {B * M * count});
    const auto codes = nn::on_device(drawn.flatten(), unmasked_BNC.device());
    result.extra_nBMF = through_glu(project_q_(quantizer_->lookup(codes).view({count, B, M, -1})));
    equal_nBM = torch::cat({equal_nBM, codes.view({count, B, M}).eq(own.identity_BM)});
  }
  return result;
}

void Wav2Vec2::contrast(const at::Tensor& unmasked_BNC, const at::Tensor& positions_BM,
                        const Input& input, Output& output) {
  const auto places_BM = nn::on_device(positions_BM, unmasked_BNC.device());
  const auto own = targets(gather_tokens(unmasked_BNC, places_BM), replayed(input).gumbel);
  if (quantizer_) describe_codes(*quantizer_, own.quantized, output);
  at::Tensor equal_nBM;
  const auto others = distractors(own, unmasked_BNC, positions_BM, output, input, equal_nBM);
  if (replayed(input).negative_is_positive.defined())
    equal_nBM = replayed(input).negative_is_positive.to(unmasked_BNC.device());
  const auto x = final_proj_(gather_tokens(output.encoder_out_BND, places_BM));
  output.contrast_XBM =
      contrast_logits(x, through_glu(own.projected_BMF), others, equal_nBM, options_.logit_temp);
}

Output Wav2Vec2::forward(const Input& input) {
  const auto tokens = tokenize(input, nn::EmptyRow::unmasked);
  at::Tensor features_penalty;
  if (!input.features_only) features_penalty = tokens.conv_BCN.to(torch::kFloat).square().mean();
  auto x = project(tokens, input);
  const auto unmasked = dropped(tokens.features_BNC, options_.dropout_features);
  nn::GumbelQuantizerImpl::Result codes;
  if (input_quantizer_) {
    codes = input_quantizer_->forward(x, replayed(input).gumbel_input);
    x = project_inp_(codes.x);
  }
  at::Tensor mask_BN;
  if (input.mask) x = apply_masks(x, tokens, input, mask_BN);
  auto output = encode(std::move(x), tokens.padding_mask_BN, input);
  if (input.features_only) return output;
  output.features_penalty = features_penalty;
  if (input_quantizer_) describe_codes(*input_quantizer_, codes, output);
  const auto positions =
      mask_BN.defined()
          ? nn::masked_positions(mask_BN)
          : torch::arange(unmasked.size(1), torch::kLong).expand({unmasked.size(0), -1});
  contrast(unmasked, positions, input, output);
  return output;
}

}  // namespace einthoven::model
