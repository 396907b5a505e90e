#include <doctest/doctest.h>

#include <cmath>

#include "../model/deterministic_fill.h"
#include "einthoven/base/error.h"
#include "einthoven/nn/gumbel_quantizer.h"

using namespace einthoven;

namespace {

nn::GumbelQuantizer five_by_two() {
  nn::QuantizerOptions options;
  options.input_width = 8;
  options.entries = 5;
  options.groups = 2;
  options.output_width = 6;
  nn::GumbelQuantizer quantizer(options);
  test::fill(*quantizer);
  return quantizer;
}

}  // namespace

TEST_CASE("evaluation agrees with the golden values") {
  auto quantizer = five_by_two();
  quantizer->eval();
  torch::NoGradGuard no_grad;
  const auto result = quantizer->forward(test::filled({2, 7, 8}));
  CHECK(test::total(result.x) == doctest::Approx(2.355693).epsilon(1e-5));
  CHECK(test::abs_total(result.x) == doctest::Approx(12.496617).epsilon(1e-5));
  CHECK(result.code_perplexity.item<double>() == doctest::Approx(7.602593).epsilon(1e-5));
  CHECK(result.prob_perplexity.item<double>() == doctest::Approx(9.930727).epsilon(1e-5));
  const std::vector<std::int64_t> codes = {2 * 5 + 2, 4 * 5 + 2, 3 * 5 + 1};
  for (int i = 0; i < 3; ++i)
    CHECK(result.code[i].item<std::int64_t>() == codes[static_cast<std::size_t>(i)]);
}

TEST_CASE("training draws the noise of the reference") {
  auto quantizer = five_by_two();
  torch::manual_seed(11);
  const auto result = quantizer->forward(test::filled({2, 7, 8}));
  CHECK(test::total(result.x) == doctest::Approx(0.211785).epsilon(1e-4));
  CHECK(torch::allclose(result.x.view({14, 6}), quantizer->lookup(result.code), 1e-6, 1e-6));
  result.x.square().sum().backward();
  for (const auto& parameter : quantizer->parameters())
    CHECK(parameter.grad().abs().sum().item<double>() > 0);
}

TEST_CASE("the temperature falls with the updates down to its end") {
  auto quantizer = five_by_two();
  CHECK(quantizer->temperature() == 2);
  quantizer->set_num_updates(100);
  CHECK(quantizer->temperature() == doctest::Approx(2 * std::pow(0.999995, 100)));
  quantizer->set_num_updates(10'000'000);
  CHECK(quantizer->temperature() == 0.5);
}

TEST_CASE("groups must divide the width of a code") {
  nn::QuantizerOptions options;
  options.input_width = 8;
  options.output_width = 7;
  CHECK_THROWS_AS(nn::GumbelQuantizer{options}, Error);
}

TEST_CASE("temperatures are positive") {
  nn::QuantizerOptions options;
  options.input_width = 8;
  options.output_width = 6;
  options.entries = 5;
  for (const double end : {0.0, -1.0, std::nan("")}) {
    options.temperature = {2, end, 0.9};
    CHECK_THROWS_AS(nn::GumbelQuantizer{options}, Error);
  }
}
