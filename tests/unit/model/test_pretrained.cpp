#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/load_state.h"
#include "einthoven/model/pretrained.h"
#include "small_models.h"

using namespace einthoven;
using namespace einthoven::test;

namespace {

/// A pretrained checkpoint in memory.
checkpoint::Checkpoint pretrained(const config::Value& options) {
  const auto model = model::build_model(options);
  checkpoint::Checkpoint checkpoint;
  checkpoint.model = checkpoint::state_of(*model);
  checkpoint.config = {{"model", options}, {"task", {{"normalize", false}, {"filter", false}}}};
  return checkpoint;
}

config::Value head() { return {{"_name", "ecg_transformer_classifier"}, {"num_labels", 4}}; }

}  // namespace

TEST_CASE("sizes of the encoder come from the checkpoint, dropouts from the head's options") {
  auto options = head();
  options["dropout"] = 0.3;
  model::adopt_encoder_options(options, pretrained(small_wav2vec2()), "a.pt");
  CHECK(options["encoder_embed_dim"] == 64);
  CHECK(options["conv_feature_layers"] == "[(32, 2, 2)] * 4");
  CHECK(options["dropout"] == 0.3);
  CHECK_FALSE(options.contains("quantize_targets"));
}

TEST_CASE("the encoder of a pretraining model is loaded without its pretraining modules") {
  const auto checkpoint = pretrained(small_wav2vec2());
  auto options = head();
  model::adopt_encoder_options(options, checkpoint, "a.pt");
  auto model = model::build_model(options);
  model::load_encoder(*model, checkpoint, "a.pt");
  const auto parameters = model->named_parameters();
  CHECK_FALSE(parameters.contains("encoder.mask_emb"));
  CHECK(torch::equal(parameters["encoder.encoder.layers.1.fc2.weight"],
                     *checkpoint.model.find("encoder.layers.1.fc2.weight")));
}

TEST_CASE("a fine-tuned model gives its encoder to another head") {
  auto options = small_options("ecg_transformer_classifier");
  options["num_labels"] = 2;
  const auto checkpoint = pretrained(options);
  auto other = small_options("arcface");
  other["num_labels"] = 3;
  auto model = model::build_model(other);
  model::load_encoder(*model, checkpoint, "b.pt");
  CHECK(torch::equal(model->named_parameters()["encoder.layer_norm.weight"],
                     *checkpoint.model.find("encoder.layer_norm.weight")));
}

TEST_CASE("a tensor that does not fit is named") {
  auto checkpoint = pretrained(small_wav2vec2());
  checkpoint.model.erase("layer_norm.weight");
  auto options = head();
  model::adopt_encoder_options(options, checkpoint, "a.pt");
  auto model = model::build_model(options);
  CHECK_THROWS_WITH_AS(model::load_encoder(*model, checkpoint, "a.pt"),
                       doctest::Contains("layer_norm.weight"), Error);
}

TEST_CASE("a head without a checkpoint is refused unless asked for") {
  auto options = head();
  CHECK_THROWS_WITH_AS(model::build_for_training(options), doctest::Contains("model.model_path"),
                       Error);
}
