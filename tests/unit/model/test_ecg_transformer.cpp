#include <doctest/doctest.h>

#include "einthoven/model/ecg_transformer/ecg_transformer.h"
#include "small_models.h"

using namespace einthoven;
using namespace einthoven::test;

namespace {

model::Output encode(const config::Value& options, bool padded) {
  auto model = filled_model(options);
  auto input = small_input(padded);
  input.mask = false;
  input.features_only = true;
  torch::NoGradGuard no_grad;
  return model->forward(input);
}

}  // namespace

TEST_CASE("the deterministic input is that of the golden values") {
  const auto x = filled({2, 12, 500});
  CHECK(total(x) == doctest::Approx(26.471855).epsilon(1e-6));
  CHECK(abs_total(x) == doctest::Approx(5967.996159).epsilon(1e-8));
  CHECK(value(x, 0) == doctest::Approx(0.903891).epsilon(1e-5));
  CHECK(value(x, -1) == doctest::Approx(-0.208357).epsilon(1e-5));
}

TEST_CASE("stages of the encoder agree with the golden values") {
  auto model = filled_model(small_wav2vec2());
  auto input = small_input(false);
  input.mask = false;
  input.features_only = true;
  std::map<std::string, at::Tensor, std::less<>> stages;
  input.observer = [&](std::string_view name, const at::Tensor& value) {
    stages.emplace(name, value);
  };
  torch::NoGradGuard no_grad;
  model->forward(input);
  CHECK(total(stages.at("feature_extractor")) == doctest::Approx(35.274237).epsilon(1e-5));
  CHECK(abs_total(stages.at("feature_extractor")) == doctest::Approx(181.100113).epsilon(1e-6));
  CHECK(total(stages.at("feat_layer_norm")) == doctest::Approx(-27.907850).epsilon(1e-5));
  CHECK(abs_total(stages.at("feat_layer_norm")) == doctest::Approx(1567.930283).epsilon(1e-6));
}

TEST_CASE("post-LN encoder agrees with the golden values") {
  const auto output = encode(small_wav2vec2(), false);
  CHECK_FALSE(output.padding_mask_BN.defined());
  CHECK(total(output.encoder_out_BND) == doctest::Approx(12.032360).epsilon(1e-4));
  CHECK(abs_total(output.encoder_out_BND) == doctest::Approx(3095.517769).epsilon(1e-6));
  CHECK(value(output.encoder_out_BND, 0) == doctest::Approx(0.047156).epsilon(1e-4));
  CHECK(value(output.encoder_out_BND, -1) == doctest::Approx(0.581510).epsilon(1e-4));
}

TEST_CASE("padded tokens are masked and the mean counts entries that are not zero") {
  const auto output = encode(small_wav2vec2(), true);
  CHECK(output.padding_mask_BN.sum(1).equal(torch::tensor({0, 6})));
  CHECK(abs_total(output.encoder_out_BND) == doctest::Approx(3098.409051).epsilon(1e-6));
  CHECK(total(output.embedding_BD) == doctest::Approx(0.366298).epsilon(1e-3));
  CHECK(abs_total(output.embedding_BD) == doctest::Approx(77.198704).epsilon(1e-6));
}

TEST_CASE("pre-LN encoder agrees with the golden values") {
  auto options = small_wav2vec2();
  options["layer_norm_first"] = true;
  CHECK(abs_total(encode(options, false).encoder_out_BND) ==
        doctest::Approx(3057.081957).epsilon(1e-6));
  CHECK(abs_total(encode(options, true).encoder_out_BND) ==
        doctest::Approx(3039.269828).epsilon(1e-6));
}

TEST_CASE("base size agrees with the golden values") {
  auto model = filled_model(config::Value::object({{"_name", "ecg_transformer"}}));
  model::Input input;
  input.source_BLT = filled({1, 12, 2500});
  torch::NoGradGuard no_grad;
  const auto x = model->forward(input).encoder_out_BND;
  CHECK(x.sizes() == at::IntArrayRef({1, 156, 768}));
  CHECK(abs_total(x) == doctest::Approx(95678.645441).epsilon(1e-6));
  CHECK(value(x, 0) == doctest::Approx(-0.244011).epsilon(1e-4));
  CHECK(value(x, -1) == doctest::Approx(-1.523231).epsilon(1e-4));
}
