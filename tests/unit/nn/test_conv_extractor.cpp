#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/nn/conv_extractor.h"

using namespace einthoven;

TEST_CASE("layers are read from the text of a recipe") {
  const auto layers = nn::parse_conv_layers("[(256, 2, 2)] * 2 + [(64, 3, 1)]");
  REQUIRE(layers.size() == 3);
  CHECK(layers[2].width == 64);
  CHECK(layers[2].kernel == 3);
  CHECK(layers[2].stride == 1);
  for (const auto* bad : {"[]", "[(256, 2)]", "[(256, 0, 2)]", "7", "[(1.5, 2, 2)]"})
    CHECK_THROWS_AS(nn::parse_conv_layers(bad), Error);
  CHECK_THROWS_WITH(nn::parse_conv_layers("[(8, 2"),
                    "model.conv_feature_layers: want a list of (width, kernel, stride) such as "
                    "\"[(256, 2, 2)] * 4\", got \"[(8, 2\"");
}

TEST_CASE("output lengths of the published stack") {
  const auto layers = nn::parse_conv_layers("[(256, 2, 2)] * 4");
  CHECK(nn::conv_output_length(5000, layers) == 312);
  CHECK(nn::conv_output_length(2500, layers) == 156);
  CHECK(nn::conv_output_length(500, layers) == 31);
  CHECK(nn::conv_output_length(15, layers) == 0);
}

TEST_CASE("both modes give normalised features of the right shape") {
  for (const auto* mode : {"default", "layer_norm"}) {
    nn::ConvExtractorOptions options;
    options.layers = nn::parse_conv_layers("[(8, 3, 2), (16, 2, 2)]");
    options.mode = nn::parse_extractor_mode(mode);
    options.bias = true;
    nn::ConvExtractor extractor(options);
    const auto y = extractor->forward(torch::randn({2, 12, 101}));
    CHECK(y.sizes() == at::IntArrayRef({2, 16, 25}));
    const auto names = extractor->named_parameters();
    CHECK(names.contains("conv_layers.0.0.bias"));
    CHECK(names.contains("conv_layers.0.2.weight") == (std::string(mode) == "default"));
    CHECK(names.contains("conv_layers.1.2.1.weight") == (std::string(mode) == "layer_norm"));
  }
  CHECK_THROWS_AS(nn::parse_extractor_mode("batch_norm"), Error);
}

TEST_CASE(
    "stages whose steps do not overlap, as products, equal convolutions in double precision") {
  for (const auto* mode : {"default", "layer_norm"}) {
    nn::ConvExtractorOptions options;
    options.layers = nn::parse_conv_layers("[(70, 2, 2), (16, 3, 3)]");
    options.mode = nn::parse_extractor_mode(mode);
    options.bias = std::string(mode) == "layer_norm";
    nn::ConvExtractor fast(options), exact(options);
    exact->to(torch::kDouble);
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < fast->parameters().size(); ++i) {
      auto parameter = fast->parameters()[i];
      parameter.uniform_(-1, 1);
      exact->parameters()[i].copy_(parameter);
    }
    const torch::AutoGradMode gradients(true);
    const auto x = torch::randn({2, 12, 203}).requires_grad_();
    const auto x_exact = x.detach().to(torch::kDouble).requires_grad_();
    const auto y = fast->forward(x), expected = exact->forward(x_exact);
    CHECK(torch::allclose(y.to(torch::kDouble), expected, 1e-5, 1e-5));
    const auto of_y = torch::randn(y.sizes());
    y.backward(of_y);
    expected.backward(of_y.to(torch::kDouble));
    CHECK(torch::allclose(x.grad().to(torch::kDouble), x_exact.grad(), 1e-4, 1e-4));
    for (std::size_t i = 0; i < fast->parameters().size(); ++i)
      CHECK(torch::allclose(fast->parameters()[i].grad().to(torch::kDouble),
                            exact->parameters()[i].grad(), 1e-4, 1e-4));
  }
}

TEST_CASE("wrong inputs are refused") {
  nn::ConvExtractorOptions options;
  options.layers = nn::parse_conv_layers("[(8, 2, 2)] * 4");
  nn::ConvExtractor extractor(options);
  CHECK_THROWS_WITH_AS(extractor->forward(torch::randn({1, 8, 100})), doctest::Contains("12 leads"),
                       Error);
  CHECK_THROWS_WITH_AS(extractor->forward(torch::randn({1, 12, 15})), doctest::Contains("too few"),
                       Error);
}
