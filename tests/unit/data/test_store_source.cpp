#include <doctest/doctest.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/data/build_dataset.h"
#include "einthoven/data/store_source.h"
#include "einthoven/signal/lead.h"
#include "einthoven/store/manifest.h"
#include "einthoven/store/writer.h"
#include "memory_dataset.h"

using namespace einthoven;
using namespace einthoven::data;

namespace {

/// A store of three recordings with two segments each; the first two are of one patient.
class StoreFolder {
 public:
  explicit StoreFolder(store::SampleType type)
      : folder_(fs::temp_directory_path() / fmt::format("einthoven_store_source_{}", getpid())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    store::StoreLayout layout;
    layout.leads.assign(signal::kStandardLeads.begin(), signal::kStandardLeads.end());
    layout.rate_hz = 500;
    layout.type = type;
    layout.segment_samples = 30;
    store::Writer writer(store(), layout);
    for (std::int64_t record = 0; record < 3; ++record) {
      store::RecordEntry entry;
      entry.idx = record;
      entry.name = fmt::format("r{}", record);
      entry.patient = record < 2 ? "A" : "B";
      std::vector<float> samples;
      for (std::int64_t segment = 0; segment < 2; ++segment) {
        const auto signal = expected(2 * record + segment);
        samples.insert(samples.end(), signal.values.begin(), signal.values.end());
      }
      writer.append(entry, store::pack_segments(type, 12, {30, 30}, samples));
    }
    writer.finish();
  }
  ~StoreFolder() { fs::remove_all(folder_); }
  StoreFolder(const StoreFolder&) = delete;
  StoreFolder& operator=(const StoreFolder&) = delete;

  static Signal expected(std::int64_t segment) {
    return filled_signal(12, 30, 100 + static_cast<std::uint64_t>(segment));
  }
  fs::path store() const { return folder_ / "small.ecgstore"; }
  const fs::path& path() const { return folder_; }

 private:
  fs::path folder_;
};

DatasetRequest request(const fs::path& data, const std::string& split,
                       DatasetKind kind = DatasetKind::file) {
  DatasetRequest r;
  r.data = data;
  r.split = split;
  r.kind = kind;
  return r;
}

}  // namespace

TEST_CASE("a whole store is a dataset") {
  for (const auto type :
       {store::SampleType::float32, store::SampleType::float16, store::SampleType::int16}) {
    const StoreFolder folder(type);
    const auto dataset = build_dataset(request(folder.store(), "any"));
    REQUIRE(dataset->size() == 6);
    CHECK(dataset->length(3) == 30);
    for (std::size_t i = 0; i < 6; ++i) {
      const auto sample = dataset->get(i, {})[0];
      const auto expected = StoreFolder::expected(static_cast<std::int64_t>(i));
      CHECK(sample.patient_id == static_cast<std::int64_t>(i / 2));
      for (std::size_t k = 0; k < expected.values.size(); ++k)
        REQUIRE(std::abs(sample.source.values[k] - expected.values[k]) <=
                (type == store::SampleType::float32 ? 0.0f : 5e-4f));
    }
  }
}

TEST_CASE("manifests choose segments of a store by key") {
  const StoreFolder folder(store::SampleType::float32);
  store::Manifest manifest;
  manifest.root = folder.store().string();
  manifest.rows = {{"r2:1", 30, {}, {}, -1}, {"r0:0", 30, {}, {}, -1}};
  manifest.write(folder.path() / "valid.tsv");
  auto r = request(folder.path(), "valid");
  r.sample_rate_hz = 500;
  r.leads_to_load = "[V1, I]";
  const auto dataset = build_dataset(r);
  REQUIRE(dataset->size() == 2);
  const auto signal = dataset->get(0, {})[0].source;
  CHECK(signal.leads == 2);
  CHECK(signal.lead(0)[9] == StoreFolder::expected(5).lead(6)[9]);
  CHECK(signal.lead(1)[9] == StoreFolder::expected(5).lead(0)[9]);
  manifest.rows[0].path = "r9:0";
  manifest.write(folder.path() / "valid.tsv");
  CHECK_THROWS_AS(build_dataset(r), Error);
}

TEST_CASE("pairs of a store share the recording, or the patient if asked for") {
  const StoreFolder folder(store::SampleType::float32);
  store::Manifest manifest;
  manifest.kind = store::ManifestKind::cmsc;
  manifest.root = folder.store().string();
  manifest.extension = "ecgstore";
  for (const auto* record : {"r0", "r1", "r2"})
    manifest.rows.push_back({record, 30, {0}, {0, 1}, -1});
  manifest.rows.push_back({"r2", 30, {4, 5}, {1, 1}, -1});  // CMLC
  manifest.write(folder.path() / "train.tsv");
  auto r = request(folder.path(), "train", DatasetKind::cmsc);
  const auto dataset = build_dataset(r);
  REQUIRE(dataset->size() == 4);
  CHECK(dataset->get(3, {})[1].source.values[2] == StoreFolder::expected(5).lead(5)[2]);
  const auto item = dataset->get(1, {});
  CHECK(item[1].source.values == StoreFolder::expected(3).values);
  CHECK(item[0].patient_id != dataset->get(0, {})[0].patient_id);
  r.pair_by_patient = true;
  const auto by_patient = build_dataset(r);
  CHECK(by_patient->get(0, {})[0].patient_id == by_patient->get(1, {})[1].patient_id);
  CHECK(by_patient->get(0, {})[0].patient_id != by_patient->get(2, {})[0].patient_id);
}
