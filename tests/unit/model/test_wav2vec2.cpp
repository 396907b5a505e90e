#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/model/wav2vec2/wav2vec2.h"
#include "small_models.h"

using namespace einthoven;
using namespace einthoven::test;

namespace {

/// Every third token of (4, 12, 500) is masked.
model::ReplayedDraws every_third() {
  model::ReplayedDraws draws;
  draws.mask_indices_BN = torch::arange(31).remainder(3).eq(0).expand({4, 31});
  return draws;
}

model::Input masked_input(const model::ReplayedDraws& draws) {
  model::Input input;
  input.source_BLT = filled({4, 12, 500});
  input.replay = &draws;
  return input;
}

double finite_total(const at::Tensor& x) { return total(x.masked_select(x.isfinite())); }

}  // namespace

TEST_CASE("pretraining in evaluation mode agrees with the golden values") {
  auto model = filled_model(small_wav2vec2());
  const auto draws = every_third();
  torch::manual_seed(1234);
  torch::NoGradGuard no_grad;
  const auto output = model->forward(masked_input(draws));
  const auto& x = output.contrast_XBM;
  CHECK(x.sizes() == at::IntArrayRef({101, 4, 11}));
  CHECK(total(x[0]) == doctest::Approx(-36.950124).epsilon(1e-5));
  CHECK(value(x, 0) == doctest::Approx(-2.453585).epsilon(1e-5));
  CHECK(x.isfinite().sum().item<std::int64_t>() == 4184);
  CHECK(finite_total(x) == doctest::Approx(-4198.313802).epsilon(1e-5));
  CHECK(output.prob_perplexity.item<double>() == doctest::Approx(14.80972).epsilon(1e-5));
  CHECK(output.code_perplexity.item<double>() == doctest::Approx(11.037298).epsilon(1e-5));
  CHECK(output.features_penalty.item<double>() == doctest::Approx(0.01599431).epsilon(1e-5));
}

TEST_CASE("Gumbel noise and distractors are drawn in the order of the reference") {
  auto model = filled_model(without_dropout(small_wav2vec2()));
  model->train();
  const auto draws = every_third();
  torch::manual_seed(77);
  const auto x = model->forward(masked_input(draws)).contrast_XBM;
  CHECK(x.isfinite().sum().item<std::int64_t>() == 4299);
  CHECK(finite_total(x) == doctest::Approx(-5127.680804).epsilon(1e-5));
  CHECK(value(x, 0) == doctest::Approx(1.709557).epsilon(1e-5));
}

TEST_CASE("sampled masks agree with the golden values") {
  auto model = filled_model(small_wav2vec2());
  torch::manual_seed(3);
  NumpyRandom random(3);
  model::Input input;
  input.source_BLT = filled({4, 12, 500});
  input.random = &random;
  torch::NoGradGuard no_grad;
  const auto x = model->forward(input).contrast_XBM;
  CHECK(x.sizes() == at::IntArrayRef({101, 4, 15}));
  CHECK(total(x[0]) == doctest::Approx(-34.610202).epsilon(1e-5));
}

TEST_CASE("every kind of distractor gives its share of finite logits and gradients") {
  for (const bool everywhere : {false, true})
    for (const bool quantized : {false, true}) {
      auto options = without_dropout(small_wav2vec2());
      options.update({{"num_negatives", 5},
                      {"cross_sample_negatives", 4},
                      {"codebook_negatives", quantized ? 3 : 0},
                      {"negatives_from_everywhere", everywhere},
                      {"quantize_targets", quantized},
                      {"target_glu", true},
                      {"extractor_mode", "layer_norm"},
                      {"mask_channel_prob", 0.2},
                      {"conv_bias", true}});
      torch::manual_seed(5);
      auto model = model::build_model(options);
      NumpyRandom random(5);
      model::Input input;
      input.source_BLT = torch::randn({3, 12, 500});
      input.random = &random;
      const auto output = model->forward(input);
      CHECK(output.contrast_XBM.size(0) == 1 + 5 + 4 + (quantized ? 3 : 0));
      CHECK(output.contrast_XBM[0].isfinite().all().item<bool>());
      const auto logits = output.contrast_XBM.transpose(0, 2).flatten(0, 1);
      torch::logsumexp(logits, 1).sum().backward();
      for (const auto& parameter : model->named_parameters()) {
        INFO(parameter.key());
        CHECK(parameter.value().grad().defined());
        CHECK(parameter.value().grad().isfinite().all().item<bool>());
      }
    }
}

TEST_CASE("quantised inputs replace the projection, with own or shared codebooks") {
  for (const bool shared : {false, true}) {
    auto options = small_wav2vec2();
    options.update({{"quantize_input", true}, {"same_quantizer", shared}});
    auto model = model::build_model(options);
    const auto parameters = model->named_parameters();
    CHECK_FALSE(parameters.contains("post_extract_proj.weight"));
    CHECK(parameters.contains("project_inp.weight"));
    CHECK(parameters.contains("input_quantizer.vars") == !shared);
    const auto draws = every_third();
    CHECK(model->forward(masked_input(draws)).contrast_XBM.size(1) == 4);
  }
}

TEST_CASE("final_dim 0 means the width of the encoder") {
  auto options = small_wav2vec2();
  options["final_dim"] = 0;
  CHECK(model::build_model(options)->named_parameters()["final_proj.weight"].size(0) == 64);
}

TEST_CASE("options that cannot work are refused by name") {
  auto options = small_wav2vec2();
  options.update({{"quantize_targets", false}, {"codebook_negatives", 2}});
  CHECK_THROWS_WITH_AS(model::build_model(options), doctest::Contains("model.codebook_negatives"),
                       Error);
  options = small_wav2vec2();
  options["apply_mask"] = false;
  CHECK_THROWS_WITH_AS(model::build_model(options), doctest::Contains("model.mask_prob"), Error);
}

TEST_CASE("rows that hide different numbers of tokens are refused") {
  auto model = model::build_model(small_wav2vec2());
  auto draws = every_third();
  draws.mask_indices_BN = draws.mask_indices_BN.clone();
  draws.mask_indices_BN[1][1] = true;
  CHECK_THROWS_WITH_AS(model->forward(masked_input(draws)), doctest::Contains("mask_indices"),
                       Error);
}
