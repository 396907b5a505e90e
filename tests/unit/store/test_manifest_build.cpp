// T6 of the specification, and manifests of stores.
#include <doctest/doctest.h>

#include <set>

#include "einthoven/base/error.h"
#include "einthoven/format/mat.h"
#include "einthoven/store/manifest_build.h"
#include "einthoven/store/store.h"
#include "tests/unit/store/store_fixture.h"

using namespace einthoven;
using namespace einthoven::store;
using namespace einthoven::store::testing;

namespace {

/// A folder as the reference leaves it: three recordings with two segments each.
void write_reference_folder(const fs::path& folder) {
  std::string segmented = "path,save_file,sample_size\n";
  std::string meta = "idx,save_file,sex,patient_id,acq_date\n";
  for (const std::string r : {"0", "1", "2"}) {
    meta += r + ",set_" + r + ".mat,1,p" + std::string(r == "2" ? "1" : "0") + ",200" + r + "\n";
    for (const std::string s : {"0", "1"})
      segmented +=
          folder.string() + "/segmented/set_" + r + "_" + s + ".mat,set_" + r + ".mat,2500\n";
  }
  segmented += ",,2500\n";
  write_file_atomically(folder / "segmented.csv", segmented);
  write_file_atomically(folder / "meta.csv", meta);
}

std::string text_of(const Manifest& manifest, bool tab) {
  const TemporaryFolder folder;
  manifest.write(folder.path() / "m.tsv", tab);
  return read_file(folder.path() / "m.tsv");
}

}  // namespace

TEST_CASE("a reference folder is divided by patient into the reference's files") {
  const TemporaryFolder folder;
  write_reference_folder(folder.path());
  const ManifestSource source = read_manifest_source(folder.path(), {});
  CHECK(source.records[2].group == "p1");
  SplitOptions options;
  options.fractions = "0.5,0.5";
  options.parts = {"train", "valid"};
  const auto manifests = split_manifests(source, options);
  const std::string root = folder.path().string() + "/segmented/";
  std::multiset<std::size_t> counts = {manifests[0].second.rows.size(),
                                       manifests[1].second.rows.size()};
  CHECK(counts == std::multiset<std::size_t>{2, 4});
  const auto& small = manifests[manifests[0].second.rows.size() == 2 ? 0 : 1];
  CHECK(text_of(small.second, true) == "\t" + root + "\nset_2_0.mat\t2500\nset_2_1.mat\t2500\n");
  CHECK(split_table(source, manifests).find("2,set_2.mat," + small.first) != std::string::npos);
}

TEST_CASE("other columns, dates and their absence") {
  const TemporaryFolder folder;
  write_reference_folder(folder.path());
  SplitOptions options;
  options.strategy = SplitStrategy::temporal;
  options.fractions = "0.34,0.33,0.33";
  options.columns.date = "acq_date";
  const auto manifests =
      split_manifests(read_manifest_source(folder.path(), options.columns), options);
  CHECK(manifests[0].second.rows[0].path == "set_0_0.mat");
  CHECK(manifests[2].second.rows[1].path == "set_2_1.mat");
  options.columns.date = "";
  CHECK_THROWS_AS(split_manifests(read_manifest_source(folder.path(), {}), options), Error);
  CHECK_THROWS_AS(read_manifest_source(folder.path(), {"ward", "", ""}), Error);
}

TEST_CASE("a store is divided by patient, by a column and by folds") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "s.ecgstore";
  write_store(path, layout_of(SampleType::int16, 50));
  SplitOptions options;
  options.fractions = "0.34,0.33,0.33";
  const ManifestSource source = read_manifest_source(path, {});
  CHECK(source.in_store);
  const Store store(path);
  std::set<std::string> seen;
  for (const auto& part : split_manifests(source, options)) {
    CHECK(part.second.rows.size() == 4);  // two recordings of one patient
    std::set<std::string_view> patients;
    for (const auto& row : part.second.rows) {
      patients.insert(store.segment(store.row_of(row.path)).patient);
      CHECK(seen.insert(row.path).second);
    }
    CHECK(patients.size() == 1);
  }
  options.strategy = SplitStrategy::fold;
  options.columns.fold = "fold";
  options.folds = {"train=0-1", "test=2"};
  const auto folds = split_manifests(read_manifest_source(path, options.columns), options);
  CHECK(folds[0].second.rows.size() == 8);
  CHECK(folds[1].second.rows[0].path == "rec2:0");
  CHECK_THROWS_WITH(read_manifest_source(path, {"ward", "", ""}), doctest::Contains("there are:"));
}

TEST_CASE("identification follows Python's draws") {
  // random.Random(42).random() <= 0.5 for three patients: 0.639, 0.025, 0.275 -> no, yes, yes.
  const TemporaryFolder folder;
  write_store(folder.path() / "s.ecgstore", layout_of(SampleType::int16, 50));
  const auto manifests =
      identification_manifests(read_manifest_source(folder.path() / "s.ecgstore", {}), 0.5, 42);
  CHECK(manifests[0].second.rows.size() == 4);
  CHECK(manifests[0].second.rows[3].patient == 0);
  CHECK(manifests[1].first == "valid_gallery");
  CHECK(manifests[1].second.rows[0].path == "rec2:0");
  CHECK(manifests[2].second.rows[0].path == "rec2:1");
  CHECK(manifests[2].second.rows[1].patient == 1);
}

TEST_CASE("a tree of .mat files: patients from the files, legacy order") {
  const TemporaryFolder folder;
  for (int i = 0; i < 4; ++i) {
    format::MatWriter mat;
    mat.add(format::mat_scalar<std::int64_t>("patient_id", i / 2));
    mat.add(format::mat_scalar<std::int64_t>("curr_sample_rate", 500));
    const std::vector<double> feats(24, 0.5);
    mat.add(format::mat_matrix<double>("feats", 12, 2, feats));
    mat.write(folder.path() / ("r" + std::to_string(i) + "_0.mat"));
  }
  const ManifestSource source = read_manifest_source(folder.path(), {});
  CHECK(source.items.size() == 4);
  CHECK(source.items[0].samples == 2);
  CHECK(source.records[3].group == "1");
  SplitOptions options;
  options.strategy = SplitStrategy::legacy;
  options.valid_percent = 0.25;
  options.seed = 42;
  const auto manifests = split_manifests(source, options);
  CHECK(manifests[0].second.rows.size() == 2);
  CHECK(manifests[1].second.rows.size() == 1);
}
