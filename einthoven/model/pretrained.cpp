#include "einthoven/model/pretrained.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/load_state.h"
#include "einthoven/model/registry.h"

namespace einthoven::model {
namespace {

constexpr std::array<std::string_view, 11> kEncoderOptions = {
    "encoder_layers",   "encoder_embed_dim", "encoder_ffn_embed_dim", "encoder_attention_heads",
    "layer_norm_first", "extractor_mode",    "conv_feature_layers",   "in_d",
    "conv_bias",        "conv_pos",          "conv_pos_groups"};

/// Modules of pretraining that no head uses.
const std::vector<std::string>& pretraining_modules() {
  static const std::vector<std::string> prefixes = {"quantizer.", "project_q.", "target_glu.",
                                                    "final_proj."};
  return prefixes;
}

const config::Value* find(const config::Value& group, std::string_view key) {
  if (!group.is_object()) return nullptr;
  const auto found = group.find(key);
  return found == group.end() ? nullptr : &*found;
}

bool flag(const config::Value& group, std::string_view key) {
  const auto* value = find(group, key);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

/// Inputs must be prepared as they were for the encoder.
void check_inputs(const config::Value& config, const checkpoint::Checkpoint& pretrained,
                  const std::string& source) {
  const auto* task = find(pretrained.config, "task");
  if (task == nullptr) return;
  for (const auto* key : {"normalize", "filter"})
    if (flag(config, key) != flag(*task, key))
      throw config_error(fmt::format("task.{}: want {}, as in {}", key, flag(*task, key), source));
}

/// Whether the model that is named has a pretrained encoder to start from.
bool is_fine_tuned(const config::Value& config) {
  const auto* name = find(config, "_name");
  for (const auto& [known, describe] : model_schemas())
    if (name != nullptr && *name == known)
      for (const auto& field : config::field_infos(describe))
        if (field.name == "model_path") return true;
  return false;
}

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

/// Of a fine-tuned checkpoint, the tensors under `encoder.` that hold a whole encoder.
std::string encoder_prefix(const checkpoint::StateDict& tensors) {
  for (const auto& [name, tensor] : tensors)
    if (begins_with(name, "encoder.feature_extractor.")) return "encoder.";
  return "";
}

}  // namespace

void adopt_encoder_options(config::Value& config, const checkpoint::Checkpoint& pretrained,
                           const std::string& source) {
  const auto* model = find(pretrained.config, "model");
  if (model == nullptr)
    throw checkpoint_error(source, "cfg.model", "is missing, so the encoder is not known");
  for (const auto key : kEncoderOptions)
    if (const auto* value = find(*model, key)) config[std::string(key)] = *value;
}

void load_encoder(Model& model, const checkpoint::Checkpoint& pretrained,
                  const std::string& source) {
  const auto children = model.named_children();
  const auto* encoder = children.find("encoder");
  if (encoder == nullptr) throw internal_error("load_encoder: the model has no module `encoder`");
  checkpoint::LoadRules rules;
  rules.source = source;
  rules.take_only = encoder_prefix(pretrained.model);
  rules.ignore_unused = pretraining_modules();
  if (!(*encoder)->named_parameters(false).contains("mask_emb"))
    rules.ignore_unused.emplace_back("mask_emb");
  checkpoint::load_state(**encoder, pretrained.model, rules);
}

std::shared_ptr<Model> build_for_training(config::Value& config) {
  if (!is_fine_tuned(config) || flag(config, "no_pretrained_weights")) return build_model(config);
  const auto& path = config["model_path"];
  if (!path.is_string())
    throw config_error("model.model_path: want the checkpoint of a pretrained encoder, got null",
                       "or model.no_pretrained_weights=true to start from random weights");
  const auto source = path.get<std::string>();
  const auto pretrained = checkpoint::read_checkpoint(source, checkpoint::Parts::without_optimizer);
  check_inputs(config, pretrained, source);
  adopt_encoder_options(config, pretrained, source);
  auto model = build_model(config);
  load_encoder(*model, pretrained, source);
  return model;
}

}  // namespace einthoven::model
