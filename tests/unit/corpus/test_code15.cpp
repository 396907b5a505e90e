// T1 of the specification: shipped CODE-15 files, raw to segments, bit by bit.
#include <doctest/doctest.h>

#include "einthoven/base/strings.h"
#include "einthoven/corpus/prepare.h"
#include "einthoven/format/mat.h"
#include "einthoven/signal/standardise.h"
#include "tests/unit/corpus/corpus_fixture.h"

using namespace einthoven;
using namespace einthoven::corpus;

namespace {

/// The reference resamples these float32 files by differences in float32.
Extract extract_of(const format::MatFile& org) {
  const std::vector<float> feats = org.at("feats").as_float_rows();
  Extract extract;
  extract.samples.assign(feats.begin(), feats.end());
  extract.length = org.at("feats").columns();
  extract.rate_hz = org.at("curr_sample_rate").as_double()[0];
  extract.single_precision = true;
  extract.millivolts.assign(extract.leads(), 1);
  return extract;
}

}  // namespace

TEST_CASE("resampling, standardising and cutting reproduce the shipped segments bitwise") {
  SHARED_OR_SKIP(data, "data/code15_ecgfm");
  int checked = 0;
  const SegmentGrid grid{2500, 2500};
  for (const auto& entry : fs::directory_iterator(data / "org")) {
    const Extract extract = extract_of(format::read_mat(entry.path()));
    const Prepared prepared = prepare(extract, {});
    const std::string stem = entry.path().stem().string();
    for (std::int64_t number = 0; number < grid.count(prepared.length()); ++number) {
      const fs::path path = data / "segmented" / (stem + "_" + std::to_string(number) + ".mat");
      INFO(path.string());
      const format::MatFile wanted = format::read_mat(path);
      CHECK(wanted.at("feats").as_double_rows() == prepared.segment(number, grid));
      CHECK(wanted.at("mean").as_double() == prepared.mean);
      CHECK(wanted.at("std").as_double() == prepared.deviation);
      ++checked;
    }
  }
  CHECK(checked == 9);
}

TEST_CASE("E3 of the specification: the numbers of code_15_438277") {
  SHARED_OR_SKIP(data, "data/code15_ecgfm");
  const format::MatFile org = format::read_mat(data / "org" / "code_15_438277.mat");
  CHECK(org.at("feats").columns() == 2934);
  const Extract extract = extract_of(org);
  const Prepared prepared = prepare(extract, {});
  CHECK(prepared.length() == 3667);
  const SegmentGrid grid{2500, 2500};
  REQUIRE(grid.count(prepared.length()) == 1);
  const std::vector<double> segment = prepared.segment(0, grid);
  CHECK(std::vector<double>(segment.begin(), segment.begin() + 5) ==
        std::vector<double>{-0.35019496279400986, -0.26016266368514057, -0.439427594734159,
                            -0.274942400559882, 0.5250334710529573});
  CHECK(std::vector<double>(segment.end() - 5, segment.end()) ==
        std::vector<double>{-0.17809895983248966, -0.1745898945575522, -0.17375950839045454,
                            -0.17779520342129726, -0.18242909123597856});
  CHECK(prepared.mean[0] == 0.008767470277502801);
  CHECK(prepared.deviation[0] == 0.3598840042841272);
  // meta.csv: of the raw samples, in float32
  const std::vector<float> feats = org.at("feats").as_float_rows();
  const auto raw =
      signal::moments(std::span<const float>(feats).first(2934), signal::Summation::sequential);
  CHECK(python_float(raw.mean) == "0.008743111");
  CHECK(python_float(raw.deviation) == "0.3609143");
}
