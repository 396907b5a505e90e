#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "einthoven/base/error.h"
#include "einthoven/format/mat.h"
#include "einthoven/format/wfdb_annotation.h"
#include "einthoven/format/wfdb_signal.h"
#include "einthoven/format/wfdb_write.h"
#include "temporary_folder.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

signal::Recording small_recording(std::size_t leads, std::int64_t length) {
  std::vector<std::string> names;
  for (std::size_t l = 0; l < leads; ++l) names.push_back("V" + std::to_string(l + 1));
  signal::Recording recording(names, length, 500);
  for (std::size_t l = 0; l < leads; ++l)
    for (std::int64_t t = 0; t < length; ++t)
      recording.lead(l)[static_cast<std::size_t>(t)] =
          static_cast<float>((t * 13 + static_cast<std::int64_t>(l) * 7) % 200 - 100) / 1000.0F;
  recording.comments = {"Age: 50", "Dx: 426783006"};
  recording.base_date = "2020-02-03";
  recording.base_time = "04:05:06";
  return recording;
}

}  // namespace

TEST_CASE("every format gives back what was written") {
  const TemporaryFolder folder;
  for (const int format : {16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524}) {
    CAPTURE(format);
    auto written = small_recording(3, 101);
    written.lead(1)[3] = std::numeric_limits<float>::quiet_NaN();
    WfdbWriteOptions options;
    options.format = format;
    write_wfdb(folder.path() / "r", written, options);
    WfdbReadOptions strict;
    strict.checksums = ChecksumPolicy::error;
    const auto read = read_wfdb_recording(folder.path() / "r", strict);
    CHECK(read.leads == written.leads);
    CHECK(read.comments == written.comments);
    CHECK(read.base_date == written.base_date);
    CHECK(read.base_time == written.base_time);
    CHECK(read.rate_hz == 500);
    CHECK(read.notes.empty());
    for (std::size_t i = 0; i < written.samples().size(); ++i)
      if (!std::isnan(written.samples()[i])) CHECK(read.samples()[i] == written.samples()[i]);
    CHECK(std::isnan(read.lead(1)[3]));
  }
}

TEST_CASE("FLAC takes eight signals a file") {
  const TemporaryFolder folder;
  WfdbWriteOptions options;
  options.format = 516;
  write_wfdb(folder.path() / "r", small_recording(12, 50), options);
  CHECK(fs::exists(folder.path() / "r_1.dat"));
  CHECK(fs::exists(folder.path() / "r_2.dat"));
  CHECK(read_wfdb_recording(folder.path() / "r").lead(11)[4] ==
        small_recording(12, 50).lead(11)[4]);
}

TEST_CASE("a Challenge record is a version 4 MAT-file") {
  const TemporaryFolder folder;
  WfdbWriteOptions options;
  options.challenge_mat = true;
  const auto written = small_recording(12, 40);
  write_wfdb(folder.path() / "A0001", written, options);
  const auto mat = read_mat(folder.path() / "A0001.mat");
  CHECK(mat.version == 4);
  CHECK(mat.at("val").dims == std::vector<std::int64_t>{12, 40});
  CHECK(mat.at("val").cls == MatClass::int16);
  CHECK(mat.at("val").as_double_rows()[40] == std::round(written.lead(1)[0] * 1000));
  CHECK(read_wfdb_recording(folder.path() / "A0001").lead(5)[7] == written.lead(5)[7]);
}

TEST_CASE("gain, baseline and annotations") {
  const TemporaryFolder folder;
  WfdbWriteOptions options;
  options.gain_adu_per_mv = 200;
  options.baseline = 1024;
  options.format = 212;
  options.annotator = "qrs";
  auto written = small_recording(1, 10);
  written.annotations.resize(1);
  written.annotations[0].sample = 4;
  written.annotations[0].symbol = "N";
  write_wfdb(folder.path() / "r", written, options);
  CHECK(read_wfdb(folder.path() / "r").digital(0)[0] == 1024 - 20);
  CHECK(read_wfdb_annotations(folder.path() / "r.qrs").items[0].sample == 4);
}

TEST_CASE("what cannot be written is refused, and nothing appears") {
  const TemporaryFolder folder;
  auto loud = small_recording(2, 5);
  loud.lead(1)[2] = 40;
  CHECK_THROWS_WITH_AS(write_wfdb(folder.path() / "r", loud), doctest::Contains("lead V2"), Error);
  loud.lead(1)[2] = std::numeric_limits<float>::infinity();
  CHECK_THROWS_AS(write_wfdb(folder.path() / "r", loud), Error);
  const auto good = small_recording(1, 5);
  CHECK_THROWS_AS(write_wfdb(folder.path() / "a b", good), Error);
  CHECK_THROWS_AS(write_wfdb(folder.path() / "a.b", good), Error);
  WfdbWriteOptions options;
  options.format = 8;
  CHECK_THROWS_AS(write_wfdb(folder.path() / "r", good, options), Error);
  options.format = 212;
  options.challenge_mat = true;
  CHECK_THROWS_AS(write_wfdb(folder.path() / "r", good, options), Error);
  options = {};
  options.gain_adu_per_mv = 0;
  CHECK_THROWS_AS(write_wfdb(folder.path() / "r", good, options), Error);
  CHECK(fs::is_empty(folder.path()));
}
