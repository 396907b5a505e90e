#include <doctest/doctest.h>
#include <torch/torch.h>

#include <fstream>

#include "einthoven/base/error.h"
#include "einthoven/base/file.h"
#include "einthoven/task/identification.h"

using namespace einthoven;

namespace {

/// Embeds a signal as the mean of each lead.
class LeadMeans : public model::Model {
 public:
  model::Output forward(const model::Input& input) override {
    model::Output output;
    output.embedding_BD = input.source_BLT.mean(2);
    return output;
  }
};

class NoCriterion : public task::Criterion {
 public:
  task::StepResult evaluate(const model::Output&, const data::Batch&, bool) const override {
    throw internal_error("identification validates without its criterion");
  }
};

double counter(const task::StepResult& result, const std::string& name) {
  for (const task::LogValue& value : result.log.values())
    if (value.name == name) return value.value;
  return -1;
}

}  // namespace

TEST_CASE("probes are matched with the gallery of the fixture, one by one") {
  const fs::path data = fs::path(EINTHOVEN_SHARED) / "fixtures/fairseq/data";
  if (!fs::is_directory(data)) {
    MESSAGE("../shared is not there");
    return;
  }
  const fs::path folder =
      fs::temp_directory_path() / ("einthoven_id_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  for (const char* name : {"train.tsv", "valid_gallery.tsv", "valid_probe.tsv"}) {
    const std::string text = read_file(data / "id_man/identify" / name);
    write_file_atomically(folder / name, (data / "old").string() + text.substr(text.find('\n')));
  }
  // The gallery itself as probes: each signal matches itself if lead means tell signals apart.
  fs::copy_file(folder / "valid_gallery.tsv", folder / "self_gallery.tsv");
  fs::copy_file(folder / "valid_gallery.tsv", folder / "self_probe.tsv");
  task::IdentificationOptions options;
  options.data = folder.string();
  options.enable_padding = true;
  options.batch_size_valid = 2;
  options.num_workers = 0;
  task::IdentificationTask identification(options, 1);
  LeadMeans model;
  NoCriterion criterion;
  identification.begin_validation(model, "self", at::kCPU);
  const task::Subset probes = identification.load("self");
  CHECK(probes.name == "self");
  CHECK(probes.dataset->size() == 2);
  CHECK(identification.load("train").dataset->size() > 2);
  const auto item0 = probes.dataset->get(0, {}), item1 = probes.dataset->get(1, {});
  const data::Batch batch = data::collate({item0, item1}, probes.collate, {});
  const auto result = identification.validate(criterion, model, batch, {.train = false});
  CHECK(result.sample_size == 2);
  CHECK(counter(result, "count") == 2);
  CHECK(counter(result, "correct") >= 1);  // a dot product may prefer the larger neighbour
  CHECK(counter(result, "loss") == 0);
  fs::remove_all(folder);
}
