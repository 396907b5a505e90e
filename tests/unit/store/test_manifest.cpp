#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/store/manifest.h"
#include "tests/unit/store/store_fixture.h"

using namespace einthoven;
using namespace einthoven::store;
using testing::TemporaryFolder;

namespace {

Manifest parsed(const std::string& text) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "m.tsv", text);
  return Manifest::read(folder.path() / "m.tsv");
}

std::string rewritten(const std::string& text, bool leading_tab = false) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "m.tsv", text);
  Manifest::read(folder.path() / "m.tsv").write(folder.path() / "n.tsv", leading_tab);
  return read_file(folder.path() / "n.tsv");
}

}  // namespace

TEST_CASE("the kinds are told apart and written back byte for byte") {
  const std::string standard = "\t/abs/segmented/\nphysionet2021_georgia_g1_E00002_0.mat\t2500\n";
  CHECK(parsed(standard).root == "/abs/segmented/");
  CHECK(parsed(standard).rows[0].samples == 2500);
  CHECK(rewritten(standard, true) == standard);

  const std::string cmsc = "/abs\nmat\nphysionet2021_ningbo_g1_JS00001\t2500\t0\t0,1\n";
  const Manifest pairs = parsed(cmsc);
  CHECK(pairs.kind == ManifestKind::cmsc);
  CHECK(pairs.rows[0].segments == std::vector<std::int64_t>{0, 1});
  CHECK(pairs.rows[0].member(1, pairs.extension) == "physionet2021_ningbo_g1_JS00001_1.mat");
  CHECK(pairs.rows[0].member(1, "ecgstore") == "physionet2021_ningbo_g1_JS00001:1");
  CHECK(rewritten(cmsc) == cmsc);

  const std::string identity = "/abs\na.mat\t2500\t7\n";
  CHECK(parsed(identity).kind == ManifestKind::identification);
  CHECK(parsed(identity).rows[0].patient == 7);
  CHECK(rewritten(identity) == identity);

  const std::string questions = "/abs\n0.mat\t5000\t12\n1.mat\t5000\t4096\t21\n";
  const Manifest asked = parsed(questions);
  CHECK(asked.kind == ManifestKind::questions);
  CHECK(asked.rows[1].samples == 4096);
  CHECK(asked.rows[1].tokens == 21);
  CHECK(rewritten(questions) == questions);
  CHECK_THROWS_AS(parsed("/abs\n0.mat\t5000\t12\n1.mat\t5000\t4096\t21\t7\n"), Error);
  CHECK_THROWS_AS(parsed(questions + "2.mat\t5000\n"), Error);
}

TEST_CASE("an empty set is a root line alone") {
  CHECK(parsed("/abs\n").rows.empty());
  CHECK(rewritten("/abs\n") == "/abs\n");
}

TEST_CASE("malformed manifests name the line") {
  CHECK_THROWS_AS(parsed(""), Error);
  CHECK_THROWS_AS(parsed("/abs\na.mat\tmany\n"), Error);
  CHECK_THROWS_AS(parsed("/abs\na.mat\t-3\n"), Error);
  CHECK_THROWS_WITH(parsed("/abs\na.mat\t1\nb.mat\t1\t2\n"), doctest::Contains("m.tsv:3: columns"));
}
