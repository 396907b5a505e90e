#include "einthoven/model/ecg_transformer/ecg_transformer.h"

#include <torch/torch.h>

#include "einthoven/nn/grad_multiply.h"
#include "einthoven/nn/on_device.h"
#include "einthoven/nn/pooling.h"

namespace einthoven::model {
namespace {

void observe(const Input& input, std::string_view name, const at::Tensor& value) {
  if (input.observer) input.observer(name, value);
}

}  // namespace

EcgEncoder::EcgEncoder(const EcgTransformerOptions& options, bool project)
    : encoder_options_(options) {
  const auto width = options.encoder_embed_dim;
  if (options.apply_mask) mask_emb_ = register_parameter("mask_emb", torch::rand({width}));
  encoder_ = register_module("encoder", nn::Transformer(options.transformer()));
  nn::ConvExtractorOptions conv;
  conv.leads = options.in_d;
  conv.layers = nn::parse_conv_layers(options.conv_feature_layers);
  conv.mode = nn::parse_extractor_mode(options.extractor_mode);
  conv.bias = options.conv_bias;
  feature_extractor_ = register_module("feature_extractor", nn::ConvExtractor(conv));
  const auto conv_width = feature_extractor_->output_width();
  if (project && conv_width != width)
    post_extract_proj_ = register_module("post_extract_proj", torch::nn::Linear(conv_width, width));
  conv_pos_ = register_module("conv_pos",
                              nn::ConvPositions(width, options.conv_pos, options.conv_pos_groups));
  layer_norm_ = register_module("layer_norm",
                                torch::nn::LayerNorm(torch::nn::LayerNormOptions({conv_width})));
}

at::Tensor EcgEncoder::dropped(const at::Tensor& x, double probability) const {
  return is_training() && probability > 0 ? torch::dropout(x, probability, true) : x;
}

EcgEncoder::Tokens EcgEncoder::tokenize(const Input& input, nn::EmptyRow empty_row) {
  Tokens tokens;
  {
    torch::AutoGradMode gradients(torch::GradMode::is_enabled() &&
                                  encoder_options_.feature_grad_mult > 0);
    const auto type = layer_norm_->weight.scalar_type();
    tokens.conv_BCN = feature_extractor_->forward(input.source_BLT.to(type), input.observer);
  }
  if (encoder_options_.feature_grad_mult > 0 && encoder_options_.feature_grad_mult != 1)
    tokens.conv_BCN = nn::grad_multiply(tokens.conv_BCN, encoder_options_.feature_grad_mult);
  tokens.features_BNC = layer_norm_(tokens.conv_BCN.transpose(1, 2));
  const auto padding_BN = nn::token_padding_mask(
      input.padding_mask_BLT, tokens.features_BNC.size(1), feature_extractor_->layers(), empty_row);
  tokens.padding_mask_BN = nn::on_device(padding_BN, input.source_BLT.device());
  observe(input, "feature_extractor", tokens.conv_BCN);
  observe(input, "feat_layer_norm", tokens.features_BNC);
  return tokens;
}

at::Tensor EcgEncoder::project(const Tokens& tokens, const Input& input) {
  auto x = tokens.features_BNC;
  if (post_extract_proj_) {
    x = post_extract_proj_(x);
    observe(input, "post_extract_proj", x);
  }
  return dropped(x, encoder_options_.dropout_input);
}

Output EcgEncoder::encode(at::Tensor x_BND, const at::Tensor& padding_mask_BN, const Input& input) {
  auto positions = conv_pos_(x_BND);
  observe(input, "conv_pos", positions);
  x_BND = x_BND + std::exchange(positions, {});
  auto encoded =
      encoder_->forward(std::move(x_BND), padding_mask_BN,
                        encoder_options_.saliency || input.saliency, input.random, input.observer);
  Output output;
  output.encoder_out_BND = encoded.x_BND;
  output.padding_mask_BN = padding_mask_BN;
  output.saliency_BYNN = encoded.attention_BYNN;
  output.embedding_BD = nn::mean_of_nonzero(nn::zero_padding(encoded.x_BND, padding_mask_BN));
  return output;
}

Output EcgTransformer::forward(const Input& input) {
  const auto tokens = tokenize(input, nn::EmptyRow::masked);
  return encode(project(tokens, input), tokens.padding_mask_BN, input);
}

}  // namespace einthoven::model
