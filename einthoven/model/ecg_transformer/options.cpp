#include "einthoven/model/ecg_transformer/options.h"

namespace einthoven::model {
namespace {

config::FieldRules span_lengths() {
  config::FieldRules rules;
  rules.choices = {"static", "uniform", "normal", "poisson"};
  return rules;
}

config::FieldRules probability() { return {.least = 0, .most = 1}; }

config::FieldRules follows(const char* key) {
  config::FieldRules rules;
  rules.follows = key;
  return rules;
}

void describe_encoder(TransformerModelOptions& o, config::Visitor& v) {
  v.field("encoder_layers", o.encoder_layers, "transformer layers", {.least = 0});
  v.field("encoder_embed_dim", o.encoder_embed_dim, "width of the tokens", {.least = 1});
  v.field("encoder_ffn_embed_dim", o.encoder_ffn_embed_dim, "hidden width of the feed-forward",
          {.least = 1});
  v.field("encoder_attention_heads", o.encoder_attention_heads, "attention heads", {.least = 1});
  v.field("layer_norm_first", o.layer_norm_first, "normalise before each block, not after it");
  v.field("saliency", o.saliency, "return the head-averaged attention of every layer");
  v.field("dropout", o.dropout, "dropout of tokens, attention and feed-forward outputs",
          probability());
  v.field("attention_dropout", o.attention_dropout, "dropout of attention probabilities",
          probability());
  v.field("activation_dropout", o.activation_dropout, "dropout after the activation",
          probability());
  v.field("encoder_layerdrop", o.encoder_layerdrop, "probability of skipping a layer",
          probability());
  v.field("dropout_input", o.dropout_input, "dropout of the projected features", probability());
  v.field("dropout_features", o.dropout_features, "dropout of the unmasked targets", probability());
  v.field("checkpoint_activations", o.checkpoint_activations,
          "compute the layers' inner results again in the backward pass instead of keeping them");
}

void describe_masks(TransformerModelOptions& o, config::Visitor& v) {
  v.field("apply_mask", o.apply_mask, "create the embedding that replaces masked tokens");
  v.field("mask_length", o.mask_length, "mean span length in tokens");
  v.field("mask_prob", o.mask_prob, "expected share of tokens in spans, before overlap",
          {.least = 0});
  v.field("mask_selection", o.mask_selection, "distribution of span lengths", span_lengths());
  v.field("mask_other", o.mask_other, "second parameter of that distribution");
  v.field("no_mask_overlap", o.no_mask_overlap, "keep spans apart");
  v.field("mask_min_space", o.mask_min_space, "tokens between spans that are kept apart");
  v.field("mask_channel_length", o.mask_channel_length, "mean span length in channels");
  v.field("mask_channel_prob", o.mask_channel_prob, "expected share of channels set to zero",
          {.least = 0});
  v.field("mask_channel_selection", o.mask_channel_selection,
          "distribution of channel span lengths", span_lengths());
  v.field("mask_channel_other", o.mask_channel_other, "second parameter of that distribution");
  v.field("no_mask_channel_overlap", o.no_mask_channel_overlap, "keep channel spans apart");
  v.field("mask_channel_min_space", o.mask_channel_min_space,
          "channels between spans that are kept apart");
}

}  // namespace

void PretrainingOptions::describe(config::Visitor& v) {
  v.field("all_gather", all_gather, "contrast over the features of all processes");
  v.field("normalize", normalize, "inputs are z-scored", follows("task.normalize"));
  v.field("filter", filter, "inputs are filtered", follows("task.filter"));
  v.field("data", data, "folder of the manifests", follows("task.data"));
  v.field("args", args, "kept for files of the reference");
}

void TransformerModelOptions::describe(config::Visitor& v) {
  PretrainingOptions::describe(v);
  describe_encoder(*this, v);
  describe_masks(*this, v);
}

nn::TransformerOptions TransformerModelOptions::transformer() const {
  nn::TransformerOptions options;
  options.layers = encoder_layers;
  options.width = encoder_embed_dim;
  options.feed_forward = encoder_ffn_embed_dim;
  options.heads = encoder_attention_heads;
  options.norm_first = layer_norm_first;
  options.dropout = dropout;
  options.attention_dropout = attention_dropout;
  options.activation_dropout = activation_dropout;
  options.layer_drop = encoder_layerdrop;
  options.checkpoint_activations = checkpoint_activations;
  return options;
}

SpanMaskOptions TransformerModelOptions::time_mask() const {
  SpanMaskOptions options;
  options.prob = mask_prob;
  options.length = mask_length;
  options.type = mask_selection;
  options.other = mask_other;
  options.min_masks = 2;
  options.no_overlap = no_mask_overlap;
  options.min_space = mask_min_space;
  return options;
}

SpanMaskOptions TransformerModelOptions::channel_mask() const {
  SpanMaskOptions options;
  options.prob = mask_channel_prob;
  options.length = mask_channel_length;
  options.type = mask_channel_selection;
  options.other = mask_channel_other;
  options.no_overlap = no_mask_channel_overlap;
  options.min_space = mask_channel_min_space;
  return options;
}

void EcgTransformerOptions::describe(config::Visitor& v) {
  TransformerModelOptions::describe(v);
  config::FieldRules modes;
  modes.choices = {"default", "layer_norm"};
  v.field("extractor_mode", extractor_mode,
          "norms of the convolutions: over time after the first, or over channels after each",
          modes);
  v.field("conv_feature_layers", conv_feature_layers, "(width, kernel, stride) of each layer");
  v.field("in_d", in_d, "leads", {.least = 1});
  v.field("conv_bias", conv_bias, "biases in the convolutions");
  v.field("feature_grad_mult", feature_grad_mult,
          "factor on the gradient of the convolutions; 0 or less freezes them");
  v.field("conv_pos", conv_pos, "kernel of the positional convolution", {.least = 1});
  v.field("conv_pos_groups", conv_pos_groups, "groups of the positional convolution", {.least = 1});
}

FineTuningOptions::FineTuningOptions() {
  dropout = 0;
  attention_dropout = 0;
  feature_grad_mult = 0;
}

void FineTuningOptions::describe(config::Visitor& v) {
  EcgTransformerOptions::describe(v);
  v.field("model_path", model_path, "checkpoint of the pretrained encoder");
  v.field("no_pretrained_weights", no_pretrained_weights, "start from random weights");
  v.field("freeze_finetune_updates", freeze_finetune_updates,
          "updates during which only the head learns");
  v.field("final_dropout", final_dropout, "dropout before the head", probability());
  v.field("num_labels", num_labels, "outputs of the head", {.least = 1, .mandatory = true});
}

}  // namespace einthoven::model
