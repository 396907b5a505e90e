#include <doctest/doctest.h>

#include "einthoven/model/arcface/arcface.h"
#include "einthoven/objective/arcface.h"
#include "small_models.h"

using namespace einthoven;
using namespace einthoven::test;

namespace {

std::shared_ptr<model::Model> six_people() {
  auto options = small_options("arcface");
  options["num_labels"] = 6;
  return filled_model(options);
}

}  // namespace

TEST_CASE("embedding, cosines and loss agree with the golden values") {
  torch::NoGradGuard no_grad;
  const auto output = six_people()->forward(small_input(false));
  CHECK(total(output.embedding_BD) == doctest::Approx(-0.064982).epsilon(1e-3));
  CHECK(abs_total(output.embedding_BD) == doctest::Approx(13.037938).epsilon(1e-6));
  const std::vector<double> first = {-0.063410, -0.008016, -0.195945,
                                     -0.208820, 0.015788,  0.138563};
  for (std::size_t i = 0; i < first.size(); ++i)
    CHECK(value(output.logits_BK, static_cast<std::int64_t>(i)) ==
          doctest::Approx(first[i]).epsilon(1e-4));
  const auto people = torch::tensor({1, 4}, torch::kLong);
  CHECK(objective::arcface(output.logits_BK, people, {192, 1.0}).item<double>() ==
        doctest::Approx(364.874390).epsilon(1e-5));
  CHECK(objective::arcface(output.logits_BK, people, {32, 0.5}).item<double>() ==
        doctest::Approx(36.867020).epsilon(1e-5));
}

TEST_CASE("columns of a new kernel have length 1") {
  auto options = small_options("arcface");
  options["num_labels"] = 6;
  const auto kernel = model::build_model(options)->named_parameters()["kernel"].detach();
  CHECK(torch::allclose(kernel.norm(2, 0), torch::ones({64}), 1e-4, 1e-4));
}
