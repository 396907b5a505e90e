#include <doctest/doctest.h>
#include <fmt/core.h>
#include <unistd.h>

#include "einthoven/base/error.h"
#include "einthoven/base/npy.h"
#include "einthoven/data/build_dataset.h"
#include "einthoven/format/mat.h"
#include "memory_dataset.h"

using namespace einthoven;
using namespace einthoven::data;

namespace {

/// A folder of .mat files REC_SEG.mat (2 recordings of 2 segments, 1 of 1) and their manifests.
class MatFolder {
 public:
  MatFolder() : folder_(fs::temp_directory_path() / fmt::format("einthoven_data_{}", getpid())) {
    fs::create_directories(folder_ / "mats");
    std::string standard = root(), pairs = root() + "mat\n", identity = root();
    for (int record = 0; record < 3; ++record) {
      for (int segment = 0; segment < (record < 2 ? 2 : 1); ++segment) {
        const std::string name = fmt::format("r{}_{}.mat", record, segment);
        write_mat(name, record, segment);
        standard += fmt::format("{}\t{}\n", name, 40 + record);
        identity += fmt::format("{}\t{}\t{}\n", name, 40 + record, record);
      }
      if (record < 2) pairs += fmt::format("r{}\t{}\t0\t0,1\n", record, 40 + record);
    }
    write_file_atomically(folder_ / "train.tsv", standard);
    write_file_atomically(folder_ / "valid.tsv", standard);
    write_file_atomically(folder_ / "pairs_train.tsv", pairs);
    write_file_atomically(folder_ / "who.tsv", identity);
    const std::vector<double> labels = {1, 0, 0, 1, 1, 1};
    write_npy<double>(folder_ / "y.npy", {3, 2}, labels);
  }
  ~MatFolder() { fs::remove_all(folder_); }
  MatFolder(const MatFolder&) = delete;
  MatFolder& operator=(const MatFolder&) = delete;

  const fs::path& path() const { return folder_; }

 private:
  std::string root() const { return "\t" + (folder_ / "mats").string() + "/\n"; }
  /// Sample t of lead l is 100 record + 10 segment + l + t / 1000; idx is 2 - record.
  void write_mat(const std::string& name, int record, int segment) const {
    Signal signal(12, 40 + record);
    for (std::int64_t l = 0; l < 12; ++l)
      for (std::int64_t t = 0; t < signal.length; ++t)
        signal.lead(l)[static_cast<std::size_t>(t)] =
            static_cast<float>(100 * record + 10 * segment + l) + static_cast<float>(t) / 1000;
    format::MatWriter writer;
    writer.add(format::mat_scalar<std::int64_t>("curr_sample_rate", 500));
    writer.add(format::mat_matrix<float>("feats", 12, signal.length, signal.values));
    writer.add(format::mat_scalar<std::int64_t>("idx", 2 - record));
    writer.add(format::mat_scalar<std::int64_t>("patient_id", 70 + record / 2));
    const std::vector<double> label = {0, 1, static_cast<double>(record)};
    writer.add(format::mat_row<double>("label", label));
    writer.write(folder_ / "mats" / name);
  }

  fs::path folder_;
};

DatasetRequest request(const MatFolder& folder, const std::string& split,
                       DatasetKind kind = DatasetKind::file) {
  DatasetRequest r;
  r.data = folder.path();
  r.split = split;
  r.kind = kind;
  return r;
}

}  // namespace

TEST_CASE("a tree of .mat files is a dataset of checked, labelled signals") {
  const MatFolder folder;
  auto r = request(folder, "train");
  r.sample_rate_hz = 500;
  r.with_label = true;
  const auto dataset = build_dataset(r);
  REQUIRE(dataset->size() == 5);
  CHECK(lengths(*dataset) == std::vector<std::int64_t>{40, 40, 41, 41, 42});
  const auto sample = dataset->get(3, {})[0];
  CHECK(sample.id == 3);
  CHECK(sample.source.lead(4)[7] == doctest::Approx(114.007));
  CHECK(sample.label == std::vector<float>{0, 1, 1});
  CHECK(sample.patient_id == 70);  // whom the intervals of figures draw
  r.with_label = false;
  CHECK(build_dataset(r)->get(3, {})[0].patient_id == 1);  // the idx of the recording
  r.with_label = true;
  r.label_file = folder.path() / "y.npy";
  CHECK(build_dataset(r)->get(0, {})[0].label == std::vector<float>{1, 1});
  r.sample_rate_hz = 250;
  CHECK_THROWS_WITH_AS(build_dataset(r)->get(0, {}), doctest::Contains("want 250 Hz"), Error);
  r.sample_rate_hz = 500;
  r.min_sample_size = 41;
  CHECK(build_dataset(r)->size() == 3);
  r.min_sample_size = 43;
  CHECK_THROWS_AS(build_dataset(r), Error);
}

TEST_CASE("CMSC reads pairs, by recording or by patient") {
  const MatFolder folder;
  auto r = request(folder, "pairs_train", DatasetKind::cmsc);
  const auto dataset = build_dataset(r);
  REQUIRE(dataset->size() == 2);
  const auto item = dataset->get(1, {});
  REQUIRE(item.size() == 2);
  CHECK(item[0].source.lead(0)[0] == 100);
  CHECK(item[1].source.lead(0)[0] == 110);
  CHECK(item[1].segment == 1);
  CHECK(item[1].patient_id == 1);
  r.pair_by_patient = true;
  CHECK(build_dataset(r)->get(1, {})[0].patient_id == 70);
  r.max_sample_size = 30;
  const Batch batch = collate({item, dataset->get(0, {})}, collate_options(r, *dataset), {});
  CHECK(batch.source.sizes() == std::vector<std::int64_t>{4, 12, 30});
  CHECK(batch.segment.sizes() == std::vector<std::int64_t>{4});
  CHECK_THROWS_WITH_AS(build_dataset(request(folder, "train", DatasetKind::cmsc)),
                       doctest::Contains("segment pairs"), Error);
  CHECK_THROWS_AS(build_dataset(request(folder, "pairs_train")), Error);
}

TEST_CASE("identification has the patient number of the manifest as class") {
  const MatFolder folder;
  const auto sample =
      build_dataset(request(folder, "who", DatasetKind::identification))->get(4, {})[0];
  CHECK(sample.identity == 2);
  CHECK(sample.patient_id == 71);
  CHECK_THROWS_AS(build_dataset(request(folder, "train", DatasetKind::identification)), Error);
}

TEST_CASE("only training splits are augmented; views are always two") {
  const MatFolder folder;
  auto train = request(folder, "train");
  train.augmentation.modes = {"emg_noise"};
  auto valid = train;
  valid.split = "valid";
  CHECK(build_dataset(train)->get(0, {})[0].source.lead(0)[0] != 0);
  CHECK(build_dataset(valid)->get(0, {})[0].source.lead(0)[0] == 0);
  valid.kind = DatasetKind::simclr;
  const auto views = build_dataset(valid)->get(0, {});
  CHECK(views.size() == 2);
  CHECK(views[0].source.values != views[1].source.values);
  valid.kind = DatasetKind::three_kg;
  valid.normalize = true;
  CHECK(build_dataset(valid)->get(0, {}).size() == 2);
}

TEST_CASE("per-lead constants follow the lead, also into a subset") {
  const MatFolder folder;
  std::string means, deviations;
  for (int l = 0; l < 12; ++l) {
    means += fmt::format("{}\n", l);
    deviations += fmt::format("{}\n", l + 1);
  }
  write_file_atomically(folder.path() / "mean.txt", means);
  write_file_atomically(folder.path() / "std.txt", deviations);
  auto r = request(folder, "valid");
  r.normalize = true;
  CHECK_THROWS_WITH_AS(build_dataset(r), doctest::Contains("mean_path"), Error);
  r.mean_path = folder.path() / "mean.txt";
  r.std_path = folder.path() / "std.txt";
  r.leads_to_load = "[9, V1]";
  const auto signal = build_dataset(r)->get(2, {})[0].source;  // recording 1, segment 0
  REQUIRE(signal.leads == 2);
  CHECK(signal.lead(0)[5] == doctest::Approx(100.005 / 10));
  CHECK(signal.lead(1)[5] == doctest::Approx(100.005 / 7));
}

TEST_CASE("buckets need padding; a missing manifest is named") {
  const MatFolder folder;
  auto r = request(folder, "train");
  r.num_batch_buckets = 2;
  const auto dataset = build_dataset(r);
  CHECK_THROWS_AS(collate_options(r, *dataset), Error);
  r.pad = true;
  CHECK(collate_options(r, *dataset).bucket_sizes == std::vector<std::int64_t>{41, 42});
  CHECK_THROWS_WITH_AS(build_dataset(request(folder, "absent")), doctest::Contains("absent.tsv"),
                       Error);
}

TEST_CASE("real segments of the reference's pipeline are read as they are") {
  const fs::path root = fs::path(EINTHOVEN_SHARED) / "data/code15_ecgfm/segmented";
  if (!fs::exists(EINTHOVEN_SHARED)) {
    MESSAGE("skipped: no folder ", EINTHOVEN_SHARED);
    return;
  }
  const MatFolder folder;
  write_file_atomically(folder.path() / "test.tsv",
                        fmt::format("\t{}/\ncode_15_438277_0.mat\t2500\n", root.string()));
  auto r = request(folder, "test");
  r.sample_rate_hz = 500;
  const auto signal = build_dataset(r)->get(0, {})[0].source;
  CHECK(signal.leads == 12);
  CHECK(signal.length == 2500);
  CHECK(signal.lead(0)[0] == -0.35019496279400986f);
  CHECK(signal.lead(0)[4] == 0.5250334710529573f);
  CHECK(signal.lead(11)[2499] == -0.18242909123596478f);
}
