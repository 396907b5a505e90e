#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/nn/transformer.h"

using namespace einthoven;

namespace {

nn::TransformerOptions tiny() {
  nn::TransformerOptions options;
  options.layers = 3;
  options.width = 8;
  options.feed_forward = 16;
  options.heads = 2;
  return options;
}

}  // namespace

TEST_CASE("linear maps begin as N(0, 0.02) with bias 0") {
  auto options = tiny();
  options.width = 64;
  nn::Transformer encoder(options);
  for (const auto& parameter : encoder->named_parameters()) {
    if (parameter.key().find("norm") != std::string::npos) continue;
    INFO(parameter.key());
    if (parameter.value().dim() == 2)
      CHECK(parameter.value().std().item<double>() == doctest::Approx(0.02).epsilon(0.1));
    else
      CHECK(parameter.value().abs().sum().item<double>() == 0);
  }
}

TEST_CASE("padded tokens do not change the others") {
  for (const bool norm_first : {false, true}) {
    auto options = tiny();
    options.norm_first = norm_first;
    nn::Transformer encoder(options);
    encoder->eval();
    torch::NoGradGuard no_grad;
    const auto x = torch::randn({1, 6, 8});
    auto mask = torch::zeros({1, 6}, torch::kBool);
    mask.slice(1, 4).fill_(true);
    const auto padded = encoder->forward(x, mask, false, nullptr).x_BND.slice(1, 0, 4);
    const auto cut = encoder->forward(x.slice(1, 0, 4), {}, false, nullptr).x_BND;
    CHECK(torch::allclose(padded, cut, 1e-5, 1e-5));
  }
}

TEST_CASE("each layer takes one draw and is skipped while training") {
  auto options = tiny();
  options.layer_drop = 1;
  nn::Transformer encoder(options);
  NumpyRandom random(5), same(5);
  encoder->train();
  CHECK_FALSE(
      encoder->forward(torch::randn({1, 4, 8}), {}, true, &random).attention_BYNN.defined());
  encoder->eval();
  CHECK(encoder->forward(torch::randn({1, 4, 8}), {}, true, &random).attention_BYNN.size(1) == 3);
  for (int i = 0; i < 6; ++i) same.uniform();
  CHECK(random.uniform() == same.uniform());
  encoder->train();
  CHECK_THROWS_AS(encoder->forward(torch::randn({1, 4, 8}), {}, false, nullptr), Error);
}
