#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "einthoven/infer/evaluation_config.h"
#include "einthoven/task/task.h"

using namespace einthoven;

namespace {

config::Schema schema() {
  config::Schema out{config::typed_groups()};
  out.groups.push_back({"task", "", task::task_schemas(), {}, true});
  out.groups.push_back({"model", "", {}, {}, true});
  return out;
}

config::Value saved() {
  return config::Value::parse(
      R"({"task":{"_name":"ecg_classification","data":"old","label_file":"y.npy","old_key":1,
          "max_sample_size":2500,"perturbation_mode":["random_leads_masking"],"enable_padding":true},
          "dataset":{"batch_size":8,"batch_size_valid":8,"gone":2},"model":{"_name":"x"}})");
}

}  // namespace

TEST_CASE("without a recipe the checkpoint's own options apply, except unknown ones") {
  const auto out = infer::evaluation_config(schema(), saved(), std::nullopt,
                                            config::parse_overrides({"task.data=new", "task.k=2"}));
  CHECK(out["task"]["data"] == "new");
  CHECK(out["task"]["label_file"] == "y.npy");
  CHECK(out["task"]["k"] == 2);
  CHECK(out["task"]["perturbation_mode"].is_null());
  CHECK(out["dataset"]["batch_size"] == 8);
  CHECK(out["model"].is_null());
}

TEST_CASE("a recipe decides, and leaves label file and size limits to the checkpoint") {
  config::Recipe recipe;
  recipe.values = config::Value::parse(
      R"({"task":{"_name":"ecg_classification","data":"???","enable_padding":false,
          "criterion_name":null}})");
  const auto out = infer::evaluation_config(schema(), saved(), recipe,
                                            config::parse_overrides({"task.data=new"}));
  CHECK(out["task"]["enable_padding"] == false);
  CHECK(out["task"]["label_file"] == "y.npy");
  CHECK(out["task"]["max_sample_size"] == 2500);
  CHECK(out["dataset"]["batch_size"].is_null());
}
