#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/store/leakage.h"
#include "tests/unit/store/store_fixture.h"

using namespace einthoven;
using namespace einthoven::store;
using testing::TemporaryFolder;

namespace {

/// Writes NAME.tsv in `folder` and returns its path.
fs::path manifest(const fs::path& folder, const std::string& name, const std::string& root,
                  const std::vector<std::string>& rows) {
  fs::create_directories(folder);
  std::string text = root + "\n";
  for (const std::string& row : rows) text += row + "\t50\n";
  write_file_atomically(folder / (name + ".tsv"), text);
  return folder / (name + ".tsv");
}

}  // namespace

TEST_CASE("in a store: recordings, patients and content") {
  const TemporaryFolder folder;
  const std::string store = (folder.path() / "s.ecgstore").string();
  testing::write_store(store, testing::layout_of(SampleType::float32, 50));
  const auto part = [&](const std::string& name, const std::vector<std::string>& rows) {
    return manifest(folder.path() / "m", name, store, rows);
  };
  // Records 2k and 2k + 1 are of one patient.
  const auto train = part("train", {"rec0:0", "rec0:1", "rec1:0"});
  const auto other = part("valid", {"rec2:0", "rec3:0"});
  CHECK(check_leakage({train, other}).overlaps.empty());
  const auto patient = part("test", {"rec1:1", "rec4:0"});
  const LeakageReport report = check_leakage({train, other, patient});
  REQUIRE(report.overlaps.size() == 1);
  CHECK(report.overlaps[0].first == "train");
  CHECK(report.overlaps[0].text().find("share 1 recording, 1 patient") != std::string::npos);
  CHECK(report.table(false).find("rec1") == std::string::npos);
  CHECK(report.table(true).find("corpus/rec1") != std::string::npos);
  CHECK(check_leakage({part("train", {"rec0:0"}), part("test", {"rec1:0"})}).overlaps[0].text() ==
        "train and test share 1 patient");
  CHECK_THROWS_AS(check_leakage({part("train", {"rec9:0"}), other}), Error);
}

TEST_CASE("files: segments of one recording, patients of a meta.csv") {
  const TemporaryFolder folder;
  const std::string root = (folder.path() / "data/segmented/").string();
  fs::create_directories(root);
  const fs::path dest = folder.path() / "m";
  const auto train = manifest(dest, "train", "\t" + root, {"a_0.mat", "b_0.mat"});
  const auto valid = manifest(dest, "valid", "\t" + root, {"a_1.mat"});
  CHECK(check_leakage({train, valid}).overlaps[0].recordings.size() == 1);
  const auto test = manifest(dest, "test", "\t" + root, {"c_0.mat"});
  CHECK(check_leakage({train, test}).overlaps.empty());
  write_file_atomically(folder.path() / "data/meta.csv",
                        "save_file,patient_id\na.mat,7\nb.mat,8\nc.mat,8\n");
  const LeakageReport report = check_leakage({train, test});
  REQUIRE(report.overlaps.size() == 1);
  CHECK(report.overlaps[0].patients == 1);
  CHECK(report.overlaps[0].recordings.empty());
}

TEST_CASE("which parts are compared") {
  const TemporaryFolder folder;
  const auto part = [&](const std::string& group, const std::string& name) {
    return manifest(folder.path() / group, name, folder.path().string(), {"a_0.mat"});
  };
  CHECK(check_leakage({part("m", "valid_gallery"), part("m", "valid_probe")}).overlaps.empty());
  CHECK(check_leakage({part("m", "valid"), part("m", "test")}).overlaps.size() == 1);
  const auto tuned = part("finetune", "test");
  CHECK(check_leakage({part("pretrain", "train"), part("finetune", "train")}).overlaps.empty());
  CHECK(check_leakage({part("pretrain", "train"), tuned}).overlaps.size() == 1);
  CHECK(check_leakage_of(part("m", "train"), {part("m", "tuning")}).overlaps.size() == 1);
}
