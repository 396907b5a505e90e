// T1 of the specification: shipped CODE-15 files, raw to segments, bit by bit.
#include <doctest/doctest.h>

#include "einthoven/corpus/prepare.h"
#include "einthoven/format/mat.h"
#include "tests/unit/corpus/corpus_fixture.h"

using namespace einthoven;
using namespace einthoven::corpus;

namespace {

Extract extract_of(const format::MatFile& org) {
  Extract extract;
  extract.rate_hz = org.at("curr_sample_rate").as_double()[0];
  extract.length = org.at("feats").columns();
  extract.samples = org.at("feats").as_double_rows();
  return extract;
}

}  // namespace

TEST_CASE("resampling, standardising and cutting reproduce the shipped segments bitwise") {
  SHARED_OR_SKIP(data, "data/code15_ecgfm");
  int checked = 0;
  for (const auto& entry : fs::directory_iterator(data / "org")) {
    const Extract extract = extract_of(format::read_mat(entry.path()));
    const Prepared prepared = prepare(extract, SegmentRules{});
    const std::string stem = entry.path().stem().string();
    for (std::int64_t number = 0; number < prepared.segments(2500); ++number) {
      const fs::path path = data / "segmented" / (stem + "_" + std::to_string(number) + ".mat");
      INFO(path.string());
      const format::MatFile wanted = format::read_mat(path);
      CHECK(wanted.at("feats").as_double_rows() == prepared.segment(number, 2500));
      CHECK(wanted.at("mean").as_double() == prepared.mean);
      CHECK(wanted.at("std").as_double() == prepared.deviation);
      ++checked;
    }
  }
  CHECK(checked == 9);
}
