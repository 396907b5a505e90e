#include <doctest/doctest.h>
#include <torch/torch.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/checkpoint/load_state.h"
#include "einthoven/model/model.h"
#include "einthoven/verify/npy_tensor.h"
#include "einthoven/verify/verify.h"

using namespace einthoven;

namespace {

struct Folder {
  fs::path path = fs::temp_directory_path() / "einthoven_test_verify" / "fixture";
  Folder() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path.parent_path()); }
};

/// A tiny classifier that records its own logits.
void record(const fs::path& folder) {
  torch::manual_seed(1);
  checkpoint::Checkpoint checkpoint;
  checkpoint.config = {
      {"model",
       {{"_name", "ecg_transformer_classifier"},
        {"encoder_layers", 1},
        {"encoder_embed_dim", 16},
        {"encoder_ffn_embed_dim", 16},
        {"encoder_attention_heads", 2},
        {"conv_feature_layers", "[(8, 2, 2)]"},
        {"conv_pos", 4},
        {"conv_pos_groups", 2},
        {"num_labels", 3}}},
      {"criterion", config::Value::object({{"_name", "binary_cross_entropy_with_logits"}})}};
  const auto model = model::build_model(checkpoint.config["model"]);
  checkpoint.model = checkpoint::state_of(*model);
  checkpoint::write_reference(folder / "checkpoint.pt", checkpoint);
  model->eval();
  model::Input input;
  input.source_BLT = torch::randn({2, 12, 40});
  verify::write_tensor(folder / "in_source.npy", input.source_BLT);
  verify::write_tensor(folder / "out_logits.npy", model->forward(input).logits_BK);
}

}  // namespace

TEST_CASE("a recording of ourselves is reproduced, and a changed one is not") {
  const Folder folder;
  record(folder.path);
  const auto dump = folder.path.parent_path() / "dump";
  const auto results = verify::verify_fixture(folder.path, {1e-5, dump});
  REQUIRE(results.size() == 1);
  CHECK(results[0].comparisons.size() == 1);
  CHECK(results[0].ok());
  const auto logits = verify::read_tensor(dump / "out_logits.npy");
  verify::write_tensor(folder.path / "out_logits.npy", logits + 1e-3);
  CHECK(verify::verify_fixture(folder.path, {})[0].failures() == 1);
  CHECK(verify::verify_fixture(folder.path, {1e-2, {}})[0].ok());
}

TEST_CASE("an expected tensor that nobody computes is a failure") {
  const Folder folder;
  record(folder.path);
  verify::write_tensor(folder.path / "out_unknown.npy", torch::zeros({1}));
  const auto result = verify::verify_fixture(folder.path, {})[0];
  CHECK(result.failures() == 1);
}

TEST_CASE("fixtures are found in a folder and below it") {
  const Folder folder;
  CHECK_THROWS_AS(verify::find_fixtures(folder.path), Error);
  record(folder.path);
  CHECK(verify::find_fixtures(folder.path).size() == 1);
  CHECK(verify::find_fixtures(folder.path.parent_path()).size() == 1);
}
