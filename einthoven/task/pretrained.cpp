#include "einthoven/task/pretrained.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/checkpoint/load_state.h"
#include "einthoven/task/checkpoint_path.h"

namespace einthoven::task {
namespace {

constexpr const char* kArchitecture[] = {"encoder_layers",
                                         "encoder_embed_dim",
                                         "encoder_ffn_embed_dim",
                                         "encoder_attention_heads",
                                         "layer_norm_first",
                                         "extractor_mode",
                                         "conv_feature_layers",
                                         "conv_bias",
                                         "in_d",
                                         "conv_pos",
                                         "conv_pos_groups"};

const std::vector<std::string> kPretrainingModules = {"quantizer.", "project_q.", "target_glu.",
                                                      "final_proj."};

void check_preparation(const config::Value& config, const config::Value& saved) {
  if (!saved.is_object() || !saved.contains("task")) return;
  for (const char* key : {"normalize", "filter"}) {
    const bool now = config.at("task").value(key, false);
    const bool then = saved.at("task").value(key, false);
    if (now != then)
      throw config_error(
          fmt::format("task.{}: {}, but the pretrained model was trained with {}", key, now, then),
          "prepare the signals as for pretraining");
  }
}

void copy_architecture(config::Value& model, const config::Value& saved) {
  if (!saved.is_object() || !saved.contains("model")) return;
  const config::Value& pretrained = saved.at("model");
  for (const char* key : kArchitecture) {
    if (!pretrained.contains(key) || !model.contains(key) || model[key] == pretrained[key])
      continue;
    log_info(fmt::format("model.{}: {} as in the pretrained model (was {})", key,
                         pretrained[key].dump(), model[key].dump()));
    model[key] = pretrained[key];
  }
}

/// The file of a fine-tuned model holds its encoder under this name.
std::string encoder_prefix(const checkpoint::StateDict& tensors) {
  const auto nested = [](const auto& entry) { return entry.first.starts_with("encoder.feature_"); };
  return std::any_of(tensors.begin(), tensors.end(), nested) ? "encoder." : "";
}

void load_encoder(model::Model& model, const checkpoint::StateDict& tensors, bool apply_mask,
                  const std::string& source) {
  const auto children = model.named_children();
  const auto* encoder = children.find("encoder");
  if (encoder == nullptr)
    throw config_error("model.model_path: this model has no pretrained encoder");
  checkpoint::LoadRules rules;
  rules.take_only = encoder_prefix(tensors);
  rules.ignore_unused = kPretrainingModules;
  if (!apply_mask) rules.ignore_unused.push_back("mask_emb");
  rules.source = source;
  checkpoint::load_state(**encoder, tensors, rules);
}

}  // namespace

std::shared_ptr<model::Model> build_initial_model(config::Value& config) {
  config::Value& group = config.at("model");
  const bool is_head = group.contains("no_pretrained_weights");
  if (!is_head || group.value("no_pretrained_weights", false)) return model::build_model(group);
  const config::Value& path = group["model_path"];
  if (!path.is_string() || path.get<std::string>().empty())
    throw config_error("model.model_path: want a pretrained checkpoint",
                       "or set model.no_pretrained_weights=true to train from scratch");
  const fs::path given = path.get<std::string>();
  const fs::path file = existing_checkpoint(given).value_or(given);
  const checkpoint::Checkpoint pretrained = checkpoint::read_checkpoint(file);
  check_preparation(config, pretrained.config);
  copy_architecture(group, pretrained.config);
  auto model = model::build_model(group);
  load_encoder(*model, pretrained.model, group.value("apply_mask", false), file.string());
  return model;
}

}  // namespace einthoven::task
