#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/format/hdf5_file.h"
#include "einthoven/format/registry.h"
#include "temporary_folder.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

signal::Recording some_recording() {
  signal::Recording recording({"I", "V2", "aVF"}, 50, 250.5);
  for (std::size_t i = 0; i < recording.samples().size(); ++i)
    recording.samples()[i] = static_cast<float>(static_cast<int>(i) - 70) / 1000.0F;
  return recording;
}

}  // namespace

TEST_CASE("infinite samples are invalid ones, with a note") {
  const TemporaryFolder folder;
  ReadOptions options;
  options.rate_hz = 500;
  const auto recording = read_recording(folder.write("x.csv", "I,II\ninf,1\n2,-1e99\n"), options);
  CHECK(std::isnan(recording.lead(0)[0]));
  CHECK(std::isnan(recording.lead(1)[1]));
  CHECK(recording.lead(0)[1] == 2);
  REQUIRE(recording.notes.size() == 1);
  CHECK(recording.notes[0] == "2 infinite samples are taken as invalid");
}

TEST_CASE("what is written is found again by content, in every format") {
  const TemporaryFolder folder;
  const auto written = some_recording();
  for (const char* name : {"a.npy", "b.csv", "c.mat", "d.hea", "e.h5", "f.npz", "g.edf"}) {
    CAPTURE(name);
    if (!hdf5_available() && std::string_view(name) == "e.h5") continue;
    write_recording(folder.path() / name, written);
    const auto read = read_recording(folder.path() / name);
    CHECK(read.leads == written.leads);
    CHECK(read.rate_hz == written.rate_hz);
    REQUIRE(read.length() == written.length());
    CHECK(std::ranges::equal(read.samples(), written.samples()));
  }
  CHECK(read_recording(folder.path() / "d").lead_count() == 3);
  CHECK(read_recording(folder.path() / "d.dat").lead_count() == 3);
  fs::rename(folder.path() / "c.mat", folder.path() / "renamed");
  CHECK(read_recording(folder.path() / "renamed").lead_count() == 3);
}

TEST_CASE("cuts and annotations") {
  const TemporaryFolder folder;
  auto written = some_recording();
  written.rate_hz = 10;
  written.base_date = "1999-12-31";
  written.base_time = "23:59:59.5";
  written.annotations.resize(2);
  written.annotations[0] = {.sample = 5, .symbol = "N"};
  written.annotations[1] = {.sample = 20, .symbol = "V"};
  write_recording(folder.path() / "a.npy", written);
  write_recording(folder.path() / "d.hea", written);
  ReadOptions options;
  options.from_s = 1;
  options.to_s = 3;
  for (const char* name : {"a.npy", "d"}) {
    if (name[0] == 'd') options.annotator = "atr";
    const auto cut = read_recording(folder.path() / name, options);
    CHECK(cut.length() == 20);
    CHECK(cut.base_date == "2000-01-01");
    CHECK(cut.base_time == "00:00:00.500");
    CHECK(cut.lead(1)[0] == written.lead(1)[10]);
    if (name[0] == 'd') {
      REQUIRE(cut.annotations.size() == 1);
      CHECK(cut.annotations[0].sample == 10);
    }
  }
  options.to_s = 0.5;
  CHECK_THROWS_AS(read_recording(folder.path() / "a.npy", options), Error);
}

TEST_CASE("unknown content, missing files and unknown extensions") {
  const TemporaryFolder folder;
  const auto nonsense = folder.write("x.dat", std::string("\x01\x02\x00\x03 nonsense", 13));
  const auto result = try_read_recording(nonsense);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().kind() == ErrorKind::data);
  CHECK(try_read_recording(folder.path() / "none").error().kind() == ErrorKind::io);
  CHECK(try_read_recording(folder.path()).error().kind() == ErrorKind::io);
  CHECK_THROWS_AS(write_recording(folder.path() / "x.docx", some_recording()), Error);
  CHECK(recording_formats().size() >= 4);
}

TEST_CASE("real recordings of every kind") {
  const fs::path data = fs::path(EINTHOVEN_SHARED) / "data";
  if (!fs::exists(fs::path(EINTHOVEN_SHARED))) {
    MESSAGE("no shared folder: skipped");
    return;
  }
  CHECK(read_recording(data / "cinc2021_smoke/A/A0001.mat").length() == 7500);
  const auto early = read_recording(data / "cinc2020_awwong1/E/E00015");
  CHECK(early.length() == 5000);
  CHECK(early.notes.size() >= 1);
  CHECK(read_recording(data / "code15_ecgfm/org/code_15_270272.mat").rate_hz == 400);
  const auto cpsc = read_recording(data / "cpsc2018_raw/A1981.mat");
  CHECK(cpsc.rate_hz == 500);
  CHECK(cpsc.lead_count() == 12);
  CHECK(std::abs(cpsc.lead(0)[100]) < 5);
}
