#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/store/pairs.h"
#include "einthoven/store/store.h"
#include "tests/unit/store/store_fixture.h"

using namespace einthoven;
using namespace einthoven::store;
using namespace einthoven::store::testing;

namespace {

Manifest manifest_of(const std::vector<std::string>& paths) {
  Manifest manifest;
  manifest.root = "/nowhere";
  for (const auto& path : paths) manifest.rows.push_back({path, 2500, {}, {}, -1});
  return manifest;
}

std::string text_of(const Manifest& manifest) {
  const TemporaryFolder folder;
  manifest.write(folder.path() / "m.tsv");
  return read_file(folder.path() / "m.tsv");
}

}  // namespace

TEST_CASE("consecutive segments in list order, gaps and odd ones") {
  const Manifest pairs = make_pairs(manifest_of({"b_3.mat", "a_0.mat", "b_10.mat", "b_0.mat",
                                                 "b_2.mat", "c_1_0.mat", "c_1_1.mat", "b_11.mat"}),
                                    PairKind::cmsc, 12);
  CHECK(text_of(pairs) == "/nowhere\nmat\nb\t2500\t0\t0,2\nb\t2500\t0\t3,10\nc_1\t2500\t0\t0,1\n");
}

TEST_CASE("lead pairs") {
  const auto one = make_pairs(manifest_of({"a_0.mat"}), PairKind::cmlc, 4);
  CHECK(text_of(one) == "/nowhere\nmat\na\t2500\t0,1\t0,0\na\t2500\t2,3\t0,0\n");
  const auto both = make_pairs(manifest_of({"a_0.mat", "a_1.mat"}), PairKind::cmsmlc, 2);
  CHECK(text_of(both) == "/nowhere\nmat\na\t2500\t0,1\t0,1\n");
}

TEST_CASE("pairs in a store") {
  const TemporaryFolder folder;
  write_store(folder.path() / "s.ecgstore", layout_of(SampleType::float32, 50));
  Manifest standard;
  standard.root = (folder.path() / "s.ecgstore").string();
  standard.rows = {{"rec0:0", 50, {}, {}, -1}, {"rec0:1", 50, {}, {}, -1}};
  const Manifest pairs = make_pairs(standard, PairKind::cmsc, 12);
  CHECK(pairs.extension == "ecgstore");
  const Store store(pairs.root);
  CHECK(store.row_of(pairs.rows.at(0).member(1, pairs.extension)) == 1);
}

TEST_CASE("a row without a segment number is refused") {
  CHECK_THROWS_AS(make_pairs(manifest_of({"a.mat"}), PairKind::cmsc, 12), Error);
  CHECK_THROWS_AS(parse_pair_kind("simclr"), Error);
}
