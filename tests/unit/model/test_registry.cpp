#include <doctest/doctest.h>
#include <fmt/ranges.h>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/load_state.h"
#include "einthoven/model/registry.h"
#include "small_models.h"

using namespace einthoven;
using namespace einthoven::test;

namespace {

config::Value pretraining_recipe() {
  return {{"_name", "wav2vec2_cmsc"},
          {"apply_mask", true},
          {"quantize_targets", true},
          {"final_dim", 256},
          {"in_d", 12}};
}

config::Value large_recipe() {
  auto options = pretraining_recipe();
  options.update({{"encoder_layers", 24},
                  {"encoder_embed_dim", 1024},
                  {"encoder_ffn_embed_dim", 4096},
                  {"encoder_attention_heads", 16}});
  return options;
}

std::int64_t parameter_count(const config::Value& options) {
  std::int64_t count = 0;
  for (const auto& parameter : model::build_model(options)->parameters())
    count += parameter.numel();
  return count;
}

std::string row(const std::string& name, const std::vector<std::int64_t>& shape) {
  return fmt::format("{} {}", name, fmt::join(shape, "x"));
}

void add_linear(std::vector<std::string>& rows, const std::string& name, std::int64_t out,
                std::int64_t in) {
  rows.push_back(row(name + ".weight", {out, in}));
  rows.push_back(row(name + ".bias", {out}));
}

void add_norm(std::vector<std::string>& rows, const std::string& name, std::int64_t width) {
  rows.push_back(row(name + ".weight", {width}));
  rows.push_back(row(name + ".bias", {width}));
}

/// Names and shapes of the reference's files in the order of its parameters (D, F: widths).
std::vector<std::string> encoder_rows(std::int64_t layers, std::int64_t D, std::int64_t F) {
  std::vector<std::string> rows;
  for (std::int64_t i = 0; i < layers; ++i) {
    const auto layer = fmt::format("encoder.layers.{}.", i);
    for (const auto* name : {"k_proj", "v_proj", "q_proj", "out_proj"})
      add_linear(rows, layer + "self_attn." + name, D, D);
    add_norm(rows, layer + "self_attn_layer_norm", D);
    add_linear(rows, layer + "fc1", F, D);
    add_linear(rows, layer + "fc2", D, F);
    add_norm(rows, layer + "final_layer_norm", D);
  }
  add_norm(rows, "encoder.layer_norm", D);
  rows.push_back(row("feature_extractor.conv_layers.0.0.weight", {256, 12, 2}));
  add_norm(rows, "feature_extractor.conv_layers.0.2", 256);
  for (int i = 1; i < 4; ++i)
    rows.push_back(row(fmt::format("feature_extractor.conv_layers.{}.0.weight", i), {256, 256, 2}));
  add_linear(rows, "post_extract_proj", D, 256);
  rows.push_back(row("conv_pos.pos_conv.0.bias", {D}));
  rows.push_back(row("conv_pos.pos_conv.0.parametrizations.weight.original0", {1, 1, 128}));
  rows.push_back(row("conv_pos.pos_conv.0.parametrizations.weight.original1", {D, D / 16, 128}));
  add_norm(rows, "layer_norm", 256);
  return rows;
}

std::vector<std::string> pretraining_rows(std::int64_t layers, std::int64_t D, std::int64_t F) {
  auto rows = encoder_rows(layers, D, F);
  rows.insert(rows.begin(), row("mask_emb", {D}));
  rows.push_back(row("quantizer.vars", {1, 640, 128}));
  add_linear(rows, "quantizer.weight_proj", 640, 256);
  add_linear(rows, "project_q", 256, 256);
  add_linear(rows, "final_proj", 256, D);
  return rows;
}

std::vector<std::string> rows_of(const torch::nn::Module& module) {
  std::vector<std::string> rows;
  for (const auto& [name, tensor] : checkpoint::state_of(module))
    rows.push_back(row(name, tensor.sizes().vec()));
  return rows;
}

}  // namespace

TEST_CASE("ECG-FM has the published numbers of parameters") {
  CHECK(parameter_count(pretraining_recipe()) == 90'883'072);
  CHECK(parameter_count(config::Value::object({{"_name", "ecg_transformer"}})) == 90'373'248);
  CHECK(parameter_count({{"_name", "ecg_transformer_classifier"},
                         {"num_labels", 26},
                         {"no_pretrained_weights", true}}) == 90'393'242);
}

TEST_CASE("ECG-FM large has the published number of parameters and the keys of the reference") {
  const auto model = model::build_model(large_recipe());
  std::int64_t count = 0;
  for (const auto& parameter : model->parameters()) count += parameter.numel();
  CHECK(count == 311'940'352);
  CHECK(rows_of(*model) == pretraining_rows(24, 1024, 4096));
}

TEST_CASE("keys and shapes of the base model are those of the reference, in its order") {
  const auto model = model::build_model(pretraining_recipe());
  const auto rows = rows_of(*model);
  CHECK(rows.size() == 215);
  CHECK(rows == pretraining_rows(12, 768, 3072));
  std::vector<std::string> parameters;  // the order of the optimizer's state
  for (const auto& parameter : model->named_parameters())
    parameters.push_back(row(parameter.key(), parameter.value().sizes().vec()));
  CHECK(parameters == rows);
}

TEST_CASE("heads add their keys around those of the encoder") {
  auto expected = encoder_rows(12, 768, 3072);
  for (auto& name : expected) name = "encoder." + name;
  auto classifier = expected;
  add_linear(classifier, "proj", 5, 768);
  CHECK(rows_of(*model::build_model(
            {{"_name", "ecg_transformer_classifier"}, {"num_labels", 5}})) == classifier);
  expected.insert(expected.begin(), row("kernel", {5, 768}));
  CHECK(rows_of(*model::build_model({{"_name", "arcface"}, {"num_labels", 5}})) == expected);
}

TEST_CASE("unknown names and options are refused") {
  CHECK_THROWS_WITH_AS(model::build_model(config::Value::object({{"_name", "wav2vec3"}})),
                       doctest::Contains("wav2vec3"), Error);
  CHECK_THROWS_WITH_AS(model::build_model({{"_name", "ecg_transformer"}, {"encoder_layer", 2}}),
                       doctest::Contains("encoder_layer"), Error);
  auto old = small_options("ecg_transformer");
  old["an_option_of_another_version"] = 1;
  CHECK(model::build_model(old, /*for_checkpoint=*/true) != nullptr);
  CHECK_THROWS_AS(
      model::build_model(config::Value::object({{"_name", "ecg_transformer_classifier"}})), Error);
}
