// T1 of the specification: shipped CODE-15 files, raw to segments, bit by bit.
#include <doctest/doctest.h>

#include "einthoven/corpus/prepare.h"
#include "einthoven/format/mat.h"
#include "einthoven/signal/resample.h"
#include "tests/unit/corpus/corpus_fixture.h"

using namespace einthoven;
using namespace einthoven::corpus;

namespace {

/// The reference resamples these float32 files by differences in float32.
Prepared prepared_from(const format::MatFile& org) {
  const std::vector<float> feats = org.at("feats").as_float_rows();
  const auto length = static_cast<std::size_t>(org.at("feats").columns());
  Prepared prepared;
  for (std::size_t l = 0; l < feats.size() / length; ++l) {
    const auto lead = signal::resample(std::span<const float>(feats).subspan(l * length, length),
                                       org.at("curr_sample_rate").as_double()[0], 500);
    prepared.length = static_cast<std::int64_t>(lead.size());
    prepared.samples.insert(prepared.samples.end(), lead.begin(), lead.end());
  }
  for (const auto& lead : signal::standardise(std::span<double>(prepared.samples),
                                              feats.size() / length, signal::ConstantLead::zero)) {
    prepared.mean.push_back(lead.mean);
    prepared.deviation.push_back(lead.deviation);
  }
  return prepared;
}

}  // namespace

TEST_CASE("resampling, standardising and cutting reproduce the shipped segments bitwise") {
  SHARED_OR_SKIP(data, "data/code15_ecgfm");
  int checked = 0;
  const SegmentGrid grid{2500, 2500};
  for (const auto& entry : fs::directory_iterator(data / "org")) {
    const Prepared prepared = prepared_from(format::read_mat(entry.path()));
    const std::string stem = entry.path().stem().string();
    for (std::int64_t number = 0; number < grid.count(prepared.length); ++number) {
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
