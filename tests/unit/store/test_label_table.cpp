// T5 of the specification.
#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/base/npy.h"
#include "einthoven/store/label_build.h"
#include "einthoven/store/label_report.h"
#include "einthoven/store/label_table.h"
#include "tests/unit/store/store_fixture.h"

using namespace einthoven;
using namespace einthoven::store;
using testing::TemporaryFolder;

namespace {

const fs::path kExpected = fs::path(EINTHOVEN_SHARED) / "fixtures/data_pipeline/expected";
const fs::path kChallenge = fs::path(EINTHOVEN_SHARED) / "data/labels/cinc2021";

bool shared_is_absent() {
  if (fs::is_directory(EINTHOVEN_SHARED)) return false;
  MESSAGE("skipped: ../shared is not there");
  return true;
}

std::string content(const char* name) { return read_file(kExpected / name); }

}  // namespace

TEST_CASE("labels of the fixture are exact, combined and not") {
  if (shared_is_absent()) return;
  const fs::path meta = kExpected / "physionet2021_meta.csv";
  CHECK(labels_of_diagnoses(meta, challenge_2021_classes(false)).csv() ==
        content("physionet2021_labels.csv"));
  CHECK(labels_of_diagnoses(meta, challenge_2021_classes(true)).csv() ==
        content("physionet2021_labels_uncombined.csv"));
  const auto read = read_challenge_classes(kChallenge / "weights.csv",
                                           kChallenge / "weights_abbreviations.csv", false);
  CHECK(read.names == challenge_2021_classes(false).names);
  CHECK(read.codes == challenge_2021_classes(false).codes);
}

TEST_CASE("label_def.csv, pos_weight.txt and y.npy of the fixture are exact") {
  if (shared_is_absent()) return;
  const TemporaryFolder folder;
  LabelOptions options;
  options.source = kExpected / "physionet2021_meta.csv";
  options.classes = "physionet2021";
  options.splits = kExpected / "meta_split_fixed.csv";
  write_labels(build_labels(options), options, folder.path());
  for (const char* name : {"label_def.csv", "pos_weight.txt", "y.npy"}) {
    INFO(name);
    CHECK(read_file(folder.path() / name) == content(name));
  }
  CHECK(read_labels(folder.path() / "labels.csv").csv() == content("physionet2021_labels.csv"));
  options.cap = 100;
  const auto capped = count_labels(build_labels(options), read_splits(options.splits));
  CHECK(capped.pos_weight(100.0)->substr(0, 15) == "[3.0,100.0,100.");
}

TEST_CASE("code-15 labels as shipped") {
  if (shared_is_absent()) return;
  const fs::path data = fs::path(EINTHOVEN_SHARED) / "data/code15_ecgfm";
  LabelOptions options;
  options.source = data;
  options.classes = "code-15";
  CHECK(build_labels(options).csv() == read_file(data / "labels.csv"));
}

TEST_CASE("a table of labels is known by its columns") {
  const TemporaryFolder folder;
  LabelOptions options;
  options.source = folder.path() / "mine.csv";
  write_file_atomically(options.source, "A,idx\n1,1\n0,0\n");
  CHECK(build_labels(options).csv() == "idx,A\n0,0\n1,1\n");
  options.source = folder.path() / "labels_of_meta.csv";
  write_file_atomically(options.source, "idx,diagnosis\n0,\"1,426783006\"\n");
  options.columns = {"NSR"};
  CHECK(build_labels(options).csv() == "idx,NSR\n0,1\n");
}

TEST_CASE("labels of a store, rows by idx") {
  const TemporaryFolder folder;
  const fs::path store = folder.path() / "s.ecgstore";
  testing::write_store(store, testing::layout_of(SampleType::float32, 50));
  LabelTable table =
      labels_of_store(store, read_index_labels(store, "dx"), plain_classes({"222", "333"}));
  CHECK(table.csv() == "idx,222,333\n0,0,0\n1,1,0\n2,0,0\n3,1,0\n4,0,0\n5,1,0\n");
  CHECK(co_occurrence(table) == std::vector<std::vector<std::int64_t>>{{3, 0}, {0, 0}});
  CHECK(label_report(table, count_labels(table, {})).find("6 recordings, 3 without") !=
        std::string::npos);
  keep_labelled(table);
  CHECK(table.csv() == "idx,222,333\n1,1,0\n3,1,0\n5,1,0\n");
  LabelOptions options;
  options.source = store;
  options.classes = "dx";
  CHECK(build_labels(options).names == std::vector<std::string>{"111", "222"});
  options.classes = "ptb-xl-form";
  CHECK_THROWS_WITH_AS(
      build_labels(options),
      (store.string() + ": labels: none for \"ptb-xl-form\" (there are: dx)").c_str(), Error);
}

TEST_CASE("PTB-XL statements become SNOMED CT codes; a small likelihood can be left out") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "p.ecgstore";
  Writer writer(path, testing::layout_of(SampleType::float32, 50));
  RecordEntry record;
  record.name = "r";
  record.labels = {{"scp", "CLBBB", 100}, {"scp", "PVC", 0}, {"scp", "AFIB", 15},
                   {"axis", "ALAD", 1},   {"aha", "82", 1},  {"report", "AFLT", 1}};
  writer.append(record, {});
  writer.finish();
  LabelOptions options;
  options.source = path;
  const auto found = [&] {
    const LabelTable table = build_labels(options);
    std::string names;
    for (std::size_t c = 0; c < table.names.size(); ++c)
      if (table.values[0][c] != 0) names += table.names[c] + " ";
    return names;
  };
  CHECK(found() == "AF CLBBB|LBBB IAVB LAD PVC|VPB ");
  options.least_likelihood = 50;
  CHECK(found() == "CLBBB|LBBB IAVB LAD PVC|VPB ");
}

TEST_CASE("gaps in idx, unlabelled recordings and all-negative labels") {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "labels.csv", "idx,a,b\n4,True,0\n1,1,False\n");
  const LabelTable table = read_labels(folder.path() / "labels.csv");
  CHECK(table.idx == std::vector<std::int64_t>{1, 4});
  LabelledSplits splits{{{1, "train"}, {4, "train"}, {6, "valid"}}};
  write_label_array(folder.path() / "y.npy", table, splits);
  const NpyArray y = read_npy(folder.path() / "y.npy");
  CHECK(y.shape == std::vector<std::int64_t>{7, 2});
  CHECK(y.as_double()[8] == 1);
  const LabelStatistics statistics = count_labels(table, splits);
  CHECK(*statistics.pos_weight(std::nullopt) == "[0.0,inf]");
  CHECK(statistics.splits.count("valid") == 0);
  write_file_atomically(folder.path() / "labels2.csv", "idx,a\n1,1\n1,0\n");
  CHECK_THROWS_AS(read_labels(folder.path() / "labels2.csv"), Error);
  write_file_atomically(folder.path() / "labels3.csv", "idx,a\n1,maybe\n");
  CHECK_THROWS_AS(read_labels(folder.path() / "labels3.csv"), Error);
  write_file_atomically(folder.path() / "twice.csv", "idx,A,A\n1,0,1\n");
  CHECK_THROWS_WITH_AS(
      read_labels(folder.path() / "twice.csv"),
      ((folder.path() / "twice.csv").string() + ": header: two columns are named \"A\"").c_str(),
      Error);
}
