#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/convert.h"
#include "einthoven/checkpoint/describe.h"
#include "sample_checkpoint.h"
#include "temporary_folder.h"

namespace einthoven::checkpoint {
namespace {

TEST_CASE("a reference file holds everything") {
  const TemporaryFolder folder;
  const Checkpoint saved = sample_checkpoint();
  write_reference(folder / "x.pt", saved);
  const Checkpoint read = read_checkpoint(folder / "x.pt");
  CHECK(same_tensors(saved.model, read.model));
  CHECK(read.config == saved.config);
  CHECK(read.optimizer_history == saved.optimizer_history);
  CHECK(read.extra == saved.extra);
  REQUIRE(read.optimizer);
  CHECK(same_optimizer(*saved.optimizer, *read.optimizer));
}

TEST_CASE("keys that only we have stay out of a reference file") {
  const TemporaryFolder folder;
  Checkpoint saved = sample_checkpoint();
  saved.config["task"] = {
      {"data", "m"}, {"legacy_lead_order", true}, {"pair_by_patient", true}, {"p", 1}};
  saved.config["dataset"] = {{"leakage_check", "error"}, {"batch_size", 4}};
  saved.config["checkpoint"] = {{"format", "native"}, {"patience", 3}};
  write_reference(folder / "x.pt", saved);
  const auto config = read_checkpoint(folder / "x.pt").config;
  CHECK(config["dataset"].size() == 1);
  CHECK(config["checkpoint"].size() == 1);
  const auto task = config["task"];
  CHECK(task.size() == 2);
  CHECK(task.contains("data"));
  CHECK(task.contains("p"));
}

TEST_CASE("half precision is saved as float32") {
  const TemporaryFolder folder;
  Checkpoint saved = sample_checkpoint();
  saved.model.set("b.weight", torch::full({2, 3}, 0.5, torch::kHalf));
  write_reference(folder / "x.pt", saved);
  const Checkpoint read = read_checkpoint(folder / "x.pt");
  CHECK((read.model.find("b.weight")->scalar_type() == at::kFloat));
}

TEST_CASE("conversion there and back, format by name") {
  const TemporaryFolder folder;
  write_reference(folder / "x.pt", sample_checkpoint());
  convert(folder / "x.pt", folder / "native", format_of_name(folder / "native"));
  convert(folder / "native", folder / "y.pt", format_of_name(folder / "y.pt"));
  CHECK(read_file(folder / "x.pt") == read_file(folder / "y.pt"));
  convert(folder / "y.pt", folder / "z.safetensors", format_of_name(folder / "z.safetensors"));
  CHECK(same_tensors(read_checkpoint(folder / "z.safetensors").model, sample_checkpoint().model));
  CHECK_THROWS_AS(parse_format("onnx"), Error);
}

TEST_CASE("summary") {
  const TemporaryFolder folder;
  write_native(folder / "c", sample_checkpoint());
  const CheckpointSummary summary = describe_checkpoint(folder / "c");
  CHECK(summary.format == "native");
  CHECK(summary.model == "wav2vec2_cmsc");
  CHECK(summary.parameter_count == 6);
  CHECK(summary.updates == 7);
  CHECK(summary.epoch == 3);
  CHECK(to_value(summary).at("tensors").size() == 2);
  CHECK(to_text(summary).find("b.weight  F32  [2, 3]") != std::string::npos);
}

}  // namespace
}  // namespace einthoven::checkpoint
