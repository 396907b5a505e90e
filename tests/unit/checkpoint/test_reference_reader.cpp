#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/namespace_config.h"
#include "einthoven/checkpoint/pt_writer.h"
#include "sample_checkpoint.h"
#include "temporary_folder.h"

namespace einthoven::checkpoint {
namespace {

const fs::path kFixtures = fs::path(EINTHOVEN_SHARED) / "fixtures";

bool no_fixtures() {
  if (fs::is_directory(kFixtures)) return false;
  MESSAGE("no ../shared: skipped");
  return true;
}

TEST_CASE("every .pt file of the fixtures is read") {
  if (no_fixtures()) return;
  int from_trainer = 0;
  for (const auto& entry : fs::recursive_directory_iterator(kFixtures)) {
    const fs::path& path = entry.path();
    if (path.extension() != ".pt") continue;
    CAPTURE(path.string());
    const Checkpoint checkpoint = read_checkpoint(path);
    CHECK(checkpoint.model.size() > 0);
    if (checkpoint.config.is_null()) continue;  // a state dict alone
    ++from_trainer;
    CHECK(checkpoint.config.at("model").contains("_name"));
    CHECK(checkpoint.optimizer_history.size() >= 1);
  }
  CHECK(from_trainer >= 30);
}

TEST_CASE("old names and the old stream give the same tensors") {
  if (no_fixtures()) return;
  const Checkpoint now = read_checkpoint(kFixtures / "fairseq/a_w2v_cmsc/checkpoint.pt");
  for (const char* name : {"checkpoint.pt", "checkpoint_nonzip.pt"}) {
    const Checkpoint old = read_checkpoint(kFixtures / "fairseq/a_w2v_cmsc_legacy" / name);
    CHECK(old.model.size() == now.model.size());
    for (const auto& [key, tensor] : now.model) {
      const std::string wanted = key;
      CAPTURE(wanted);
      const at::Tensor* found = old.model.find(wanted);
      REQUIRE(found != nullptr);
      CHECK(torch::equal(*found, tensor));
    }
  }
}

TEST_CASE("numbers of NumPy are numbers, score arrays are left out") {
  if (no_fixtures()) return;
  const Checkpoint checkpoint = read_checkpoint(kFixtures / "fairseq/b_classifier/checkpoint.pt");
  const auto& meters = checkpoint.extra.at("metrics").at("default");
  const auto named = [&](const std::string& name) {
    for (const auto& meter : meters)
      if (meter[1] == name) return meter[3];
    return config::Value();
  };
  CHECK(named("_o_score").at("sum").get<double>() == 6.253638262322472);
  CHECK(named("gnorm").at("val").get<double>() == doctest::Approx(0.9930).epsilon(1e-3));
  CHECK(named("nsignals").at("sum").is_number_integer());
  CHECK(checkpoint.extra.dump().find("AUCMeter") == std::string::npos);
  REQUIRE(checkpoint.optimizer);
  CHECK(checkpoint.optimizer->entries.size() == 49);
  CHECK(checkpoint.optimizer->entries[0].step == 2);
}

TEST_CASE("a mapping of something else is no checkpoint") {
  const TemporaryFolder folder;
  PtWriter writer;
  writer.pickle().value({{"lr", 0.1}});
  writer.save(folder / "x.pt");
  CHECK_THROWS_WITH_AS(read_checkpoint(folder / "x.pt"),
                       ((folder / "x.pt").string() + ": lr: is not a tensor").c_str(), Error);
  write_file_atomically(folder / "y.pt", "PK\x03\x04 no archive");
  CHECK_THROWS_AS(read_checkpoint(folder / "y.pt"), Error);
  write_file_atomically(folder / "z.pt", "hello");
  CHECK_THROWS_AS(read_checkpoint(folder / "z.pt"), Error);
}

TEST_CASE("settings of very old files") {
  const config::Value config = config_of_namespace({{"arch", "wav2vec2"},
                                                    {"task", "ecg_pretraining"},
                                                    {"lr", 0.1},
                                                    {"min_lr", 1e-9},
                                                    {"data", {"a", "b"}}});
  CHECK(config.at("model").at("_name") == "wav2vec2");
  CHECK(config.at("task").at("_name") == "ecg_pretraining");
  CHECK(config.at("task").at("data") == "a");
  CHECK(config.at("optimization").at("lr") == config::Value::array({0.1}));
  CHECK(config.at("optimization").at("stop_min_lr") == 1e-9);
}

}  // namespace
}  // namespace einthoven::checkpoint
