#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/metric/cinc2021_scorer.h"

namespace einthoven::metric {
namespace {

const fs::path kShared = EINTHOVEN_SHARED;

void check_close(double got, double want) { CHECK(std::abs(got - want) <= 1e-12); }

TEST_CASE("the fixture of the official scorer: five numbers and both texts") {
  if (!fs::is_directory(kShared)) {
    MESSAGE("no ../shared: skipped");
    return;
  }
  const fs::path fixture = kShared / "fixtures/cinc2021";
  const CincWeights weights = read_cinc_weights(kShared / "data/labels/cinc2021/weights.csv");
  CHECK(weights.classes.size() == 26);
  const CincScores scores =
      score_cinc_folders(fixture / "labels", fixture / "outputs", weights, DxHeaders::strict);
  check_close(scores.auroc, 0.4659830966717408);
  check_close(scores.auprc, 0.18746489462684723);
  check_close(scores.accuracy, 0.16666666666666666);
  check_close(scores.f_measure, 0.5531135531135531);
  check_close(scores.challenge_metric, 0.5948936105096443);
  CHECK(cinc_summary_csv(scores) == read_file(fixture / "scores.csv"));
  CHECK(cinc_class_csv(scores) == read_file(fixture / "class_scores.csv"));
}

struct Folders {
  Folders() {
    fs::create_directories(root / "labels");
    fs::create_directories(root / "outputs");
  }
  ~Folders() { fs::remove_all(root); }
  void add(const std::string& name, const std::string& header, const std::string& output) {
    write_file_atomically(root / "labels" / (name + ".hea"), header);
    write_file_atomically(root / "outputs" / (name + ".csv"), output);
  }
  CincScores score(DxHeaders headers = DxHeaders::any_spacing) const {
    return score_cinc_folders(root / "labels", root / "outputs",
                              parse_cinc_weights(",426783006,2|3\n426783006,1,0\n2|3,0,1\n", "w"),
                              headers);
  }
  fs::path root = fs::temp_directory_path() / "einthoven-test-cinc";
};

TEST_CASE("equivalent columns are joined, order and spelling of yes do not matter") {
  Folders folders;
  folders.add("A", "A 12 500 5000\n#Dx: 3\n", "#A\n3,426783006,2\n0,False,T\nnan,0.1,0.8\n");
  folders.add("B", "B 12 500 5000\n# Dx: 426783006\n", "#B\n426783006,2|3\n1.0,0\n0.9,0.1\n");
  const CincScores scores = folders.score();
  CHECK(scores.accuracy == 1);
  CHECK(scores.challenge_metric == 1);
  CHECK(scores.class_auroc[1] == 1);
  CHECK(scores.class_names[1] == "2|3");
  // "# Dx" is no label for the official scorer.
  CHECK(folders.score(DxHeaders::strict).accuracy == 0.5);
}

TEST_CASE("missing and malformed outputs are refused") {
  Folders folders;
  CHECK_THROWS_AS(folders.score(), Error);
  folders.add("A", "#Dx: 3\n", "#A\n3,2\n0\n0.1,0.8\n");
  CHECK_THROWS_AS(folders.score(), Error);
  folders.add("A", "#Dx: 3\n", "#A\n3,2\n");
  CHECK_THROWS_AS(folders.score(), Error);
  fs::remove(folders.root / "outputs/A.csv");
  CHECK_THROWS_AS(folders.score(), Error);
}

}  // namespace
}  // namespace einthoven::metric
