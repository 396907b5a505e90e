#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/config/load.h"
#include "einthoven/task/ecg_options.h"
#include "einthoven/task/task.h"

using namespace einthoven;

TEST_CASE("the keys of a task become a dataset request") {
  task::PretrainingOptions options;
  config::load(options,
               config::Value::parse(R"json({"_name": "ecg_pretraining", "data": "manifests",
    "perturbation_mode": ["random_leads_masking"], "mask_leads_prob": 0.25, "sample_rate": 250, "pair_by_patient": true,
    "enable_padding": true, "max_sample_size": 1250, "mask_leads_condition": "(2, 3)",
    "inferred_3kg_config": {"angle": 10, "scale": 2, "mask_ratio": 0}})json"),
               "task");
  const data::DatasetRequest request = options.request("train", 7);
  CHECK(request.data == fs::path("manifests"));
  CHECK(request.split == "train");
  CHECK(request.seed == 7);
  CHECK(request.pad);
  CHECK(request.pair_by_patient);
  CHECK(request.max_sample_size == 1250);
  CHECK(request.sample_rate_hz == 250.0);
  CHECK(request.augmentation.modes == std::vector<std::string>{"random_leads_masking"});
  CHECK(request.augmentation.mask_leads_prob == 0.25);
  CHECK(request.augmentation.sample_rate_hz == 250.0);
  CHECK(request.augmentation.mask_leads_condition == std::pair<std::int64_t, std::int64_t>{2, 3});
  CHECK(request.three_kg.angle == 10);
  CHECK(request.three_kg.mask_ratio == 0);
}

TEST_CASE("without a sample rate augmentations assume 500 Hz and any rate is taken") {
  task::PretrainingOptions options;
  const data::DatasetRequest request = options.request("valid", 1);
  CHECK(!request.sample_rate_hz);
  CHECK(request.augmentation.sample_rate_hz == 500.0);
}

TEST_CASE("span masks of the loader need the options of the model") {
  task::PretrainingOptions options;
  options.precompute_mask_indices = true;
  CHECK_THROWS_WITH_AS(options.request("train", 1), doctest::Contains("inferred_w2v_config"),
                       Error);
  options.inferred_w2v_config = config::Value::parse(
      R"({"mask_prob": 0.5, "mask_length": 4, "conv_feature_layers": [[32, 2, 2], [32, 3, 1]],
          "encoder_embed_dim": 64})");
  const auto masks = options.request("train", 1).masks;
  REQUIRE(masks);
  CHECK(masks->span.prob == 0.5);
  CHECK(masks->span.length == 4);
  CHECK(masks->conv_layers == std::vector<std::pair<std::int64_t, std::int64_t>>{{2, 2}, {3, 1}});
}

TEST_CASE("an unknown task is refused with the nearest one") {
  config::Value config = {{"common", {{"seed", 1}}}, {"task", {{"_name", "ecg_pretrainin"}}}};
  CHECK_THROWS_WITH_AS(task::build_task(config), doctest::Contains("did you mean"), Error);
}
