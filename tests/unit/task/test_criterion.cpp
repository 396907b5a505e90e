#include <doctest/doctest.h>
#include <torch/torch.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "../model/small_models.h"
#include "einthoven/base/error.h"
#include "einthoven/task/cinc2021_weights.h"
#include "einthoven/task/criterion.h"

using namespace einthoven;
using namespace einthoven::test;

namespace {

double logged(const task::StepResult& result, const std::string& name) {
  for (const auto& value : result.log.values())
    if (value.name == name) return value.value;
  FAIL("not logged: " << name);
  return 0;
}

task::Sums sums_of(const task::StepResult& result) {
  task::Sums sums;
  for (const auto& value : result.log.values())
    if (value.reduce == task::Reduce::sum) sums[value.name] += value.value;
  return sums;
}

double derived(const task::Criterion& criterion, const task::Sums& sums, const std::string& name) {
  for (const auto& [key, value] : criterion.derived(sums))
    if (key == name) return value;
  FAIL("not derived: " << name);
  return 0;
}

}  // namespace

TEST_CASE("wav2vec2_with_cmsc agrees with the golden values") {
  auto model = filled_model(small_wav2vec2());
  const auto criterion = task::build_criterion({{"_name", "wav2vec2_with_cmsc"},
                                                {"infonce", true},
                                                {"loss_weights", {0.1, 10}},
                                                {"log_keys", {"prob_perplexity", "temp"}}});
  data::Batch batch;
  batch.source = filled({4, 12, 500});
  batch.patient_id = torch::tensor({3, 3, 8, 8}, torch::kLong);
  batch.segment = torch::tensor({0, 1, 0, 1}, torch::kLong);
  model::ReplayedDraws draws;
  draws.mask_indices_BN = torch::arange(31).remainder(3).eq(0).expand({4, 31});
  torch::manual_seed(1234);
  torch::NoGradGuard no_grad;
  const auto result = (*criterion)(*model, batch, {.train = false, .replay = &draws});
  CHECK(result.loss.item<double>() == doctest::Approx(278.277222).epsilon(1e-6));
  CHECK(result.sample_size == 44);
  CHECK(logged(result, "loss_0") == doctest::Approx(240.136703).epsilon(1e-6));
  CHECK(logged(result, "loss_1") == doctest::Approx(0.327327).epsilon(1e-5));
  CHECK(logged(result, "loss_2") == doctest::Approx(7.037497).epsilon(1e-5));
  CHECK(logged(result, "loss_3") == doctest::Approx(30.775688).epsilon(2e-6));
  CHECK(logged(result, "correct") == 5);
  CHECK(logged(result, "temp") == 2);
  CHECK(derived(*criterion, sums_of(result), "accuracy") == doctest::Approx(0.11364));
}

TEST_CASE("an infinite weight, which makes the loss NaN, is refused") {
  const double infinite = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH_AS(task::build_criterion({{"_name", "binary_cross_entropy_with_logits"},
                                              {"pos_weight", {3.0, infinite}}}),
                       doctest::Contains("infinite weight"), Error);
}

TEST_CASE("multi-head binary cross entropy is a mean over heads") {
  const auto criterion = task::build_criterion({{"_name", "multi_head_binary_cross_entropy"},
                                                {"log_per_class", true},
                                                {"per_log_keys", {"attribute_id"}}});
  model::Output output;
  output.logits_BK = torch::tensor({{2.0F, -1.0F, 0.5F}, {1.0F, 3.0F, -2.0F}});
  output.logits_BK.requires_grad_(true);
  data::Batch batch;
  batch.target_row = torch::tensor({0, 0, 1}, torch::kLong);
  batch.target_idx = torch::tensor({0, 2, 0}, torch::kLong);
  batch.attribute_id = torch::tensor({4, -1, 4}, torch::kLong);
  batch.label = torch::tensor({1.0F, 0.0F, 0.0F});
  const auto result = criterion->evaluate(output, batch, false);
  // Head 0: (-log s(2) - log(1 - s(1))) / 2; head 2: -log(1 - s(0.5)); their mean.
  CHECK(result.loss.item<double>() == doctest::Approx(0.8470856).epsilon(1e-6));
  CHECK(result.sample_size == 1);
  CHECK(result.scores.sizes() == at::IntArrayRef({3, 1}));
  const auto sums = sums_of(result);
  CHECK(derived(*criterion, sums, "accuracy") == 0.33333);
  CHECK(derived(*criterion, sums, "cls_0_accuracy") == 0.5);
  CHECK(derived(*criterion, sums, "cls_2_accuracy") == 0);
  CHECK(derived(*criterion, sums, "attribute_id_4_accuracy") == 0.5);
  CHECK(sums.count("attribute_id_-1_count") == 0);
  result.loss.backward();
  CHECK(output.logits_BK.grad().select(1, 1).abs().sum().item<double>() == 0);
  batch.target_idx = torch::tensor({0, 3, 0}, torch::kLong);
  CHECK_THROWS_AS(criterion->evaluate(output, batch, false), Error);
  const auto plain =
      task::build_criterion(config::Value::object({{"_name", "binary_cross_entropy_with_logits"}}));
  CHECK_THROWS_AS(plain->evaluate(output, batch, false), Error);
  CHECK_THROWS_AS(task::build_criterion(
                      {{"_name", "multi_head_binary_cross_entropy"}, {"report_cinc_score", true}}),
                  Error);
}

TEST_CASE("binary cross entropy derives the statistics of the golden values") {
  const auto criterion =
      task::build_criterion(config::Value::object({{"_name", "binary_cross_entropy_with_logits"}}));
  model::Output output;
  output.logits_BK = 3 * filled({6, 5});
  data::Batch batch;
  batch.label = filled({6, 5}, 1000002).gt(0).to(torch::kFloat);
  const auto result = criterion->evaluate(output, batch, false);
  CHECK(result.sample_size == 30);
  CHECK(result.scores.sizes() == at::IntArrayRef({6, 5}));
  const auto sums = sums_of(result);
  CHECK(derived(*criterion, sums, "accuracy") == 0.5);
  CHECK(derived(*criterion, sums, "em_accuracy") == 0.16667);
  CHECK(derived(*criterion, sums, "precision") == 0.52941);
  CHECK(derived(*criterion, sums, "recall") == 0.5625);
  CHECK(derived(*criterion, sums, "f1") == doctest::Approx(0.5454536).epsilon(1e-6));
  CHECK_FALSE(criterion->evaluate(output, batch, true).scores.defined());
  batch.label = torch::zeros({6, 4});
  CHECK_THROWS_WITH_AS(criterion->evaluate(output, batch, true), doctest::Contains("label"), Error);
}

TEST_CASE("the official table of the CinC score is complete, and perfect answers score 1") {
  const auto& weights = task::official_cinc2021_weights();
  CHECK(weights.classes.size() == 26);
  for (std::size_t i = 0; i < 26; ++i) CHECK(weights.credit[i * 26 + i] == 1);
  const auto criterion = task::build_criterion(
      {{"_name", "binary_cross_entropy_with_logits"}, {"report_cinc_score", true}});
  model::Output output;
  data::Batch batch;
  batch.label = torch::eye(26);
  output.logits_BK = 10 * batch.label - 5;
  CHECK(derived(*criterion, sums_of(criterion->evaluate(output, batch, false)), "cinc_score") == 1);
}

TEST_CASE("a composite divides each loss by its own size and keeps the metrics apart") {
  const auto composite = task::build_criterion(
      {{"_name", "composite_criterion"},
       {"criterion_names", {"binary_cross_entropy_with_logits", "simclr"}},
       {"loss_weights", {2, 0.5}},
       {"args", config::Value::object({{"simclr", config::Value::object({{"temp", 0.2}})}})}});
  model::Output output;
  output.logits_BK = filled({6, 5});
  output.embedding_BD = filled({6, 16}, 1000003);
  data::Batch batch;
  batch.label = filled({6, 5}, 1000002).gt(0).to(torch::kFloat);
  const auto bce =
      task::build_criterion(config::Value::object({{"_name", "binary_cross_entropy_with_logits"}}))
          ->evaluate(output, batch, false);
  const auto simclr =
      task::build_criterion({{"_name", "simclr"}, {"temp", 0.2}})->evaluate(output, batch, false);
  const auto both = composite->evaluate(output, batch, false);
  const double expected = 2 * bce.loss.item<double>() / 30 + 0.5 * simclr.loss.item<double>() / 6;
  CHECK(both.sample_size == 1);
  CHECK(both.loss.item<double>() == doctest::Approx(expected).epsilon(1e-6));
  CHECK(logged(both, "0_loss") == doctest::Approx(bce.loss.item<double>() / 30).epsilon(1e-6));
  CHECK(derived(*composite, sums_of(both), "0_accuracy") == 0.5);
}

TEST_CASE("names and options that do not exist are refused") {
  CHECK_THROWS_WITH_AS(task::build_criterion(config::Value::object({{"_name", "hinge"}})),
                       doctest::Contains("hinge"), Error);
  CHECK_THROWS_AS(task::build_criterion(config::Value::object({{"_name", "wav2vec2"}})), Error);
  CHECK_THROWS_WITH_AS(
      task::build_criterion({{"_name", "wav2vec2"}, {"infonce", true}, {"log_keys", {"losss"}}}),
      doctest::Contains("losss"), Error);
  CHECK(task::build_criterion(config::Value::object({{"_name", "clocs"}})) != nullptr);
}
