#include <doctest/doctest.h>
#include <fmt/core.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/format/wfdb_codec.h"
#include "einthoven/format/wfdb_signal.h"
#include "temporary_folder.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

using Samples = std::vector<std::int32_t>;

void write_record(const TemporaryFolder& folder, const std::string& name, std::string_view header,
                  int format, const Samples& samples, std::string_view before = "") {
  folder.write(name + ".hea", header);
  folder.write(name + ".dat", std::string(before) + pack_samples(format, samples));
}

WfdbReadOptions ignoring() {
  WfdbReadOptions options;
  options.checksums = ChecksumPolicy::ignore;
  return options;
}

ErrorKind kind_of(const fs::path& record, const WfdbReadOptions& options = {}) {
  try {
    read_wfdb_recording(record, options);
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::internal;
}

}  // namespace

TEST_CASE("the straight 16-bit path and the general path give the same recording") {
  const TemporaryFolder folder;
  Samples samples;
  for (int i = 0; i < 3 * 1300; ++i) samples.push_back((i * 7919) % 65536 - 32768);
  write_record(
      folder, "r",
      "r 3 500 1300\nr.dat 16+5 1000/mV 16 0 0 0 0 avr\nr.dat 16+5 9151.773049645391(-39)/mV "
      "16 0 0 0 0 V2\nr.dat 16+5 3/uV 16 0 0 0 0 V3\n# Dx: 1\n",
      16, samples, "12345");
  const auto straight = read_wfdb_recording(folder.path() / "r");
  const auto general = to_recording(read_wfdb(folder.path() / "r"));
  CHECK(straight.leads == std::vector<std::string>{"aVR", "V2", "V3"});
  CHECK(straight.comments == std::vector<std::string>{"Dx: 1"});
  CHECK(straight.notes == general.notes);
  CHECK(straight.notes.size() == 3);  // three checksums of zero do not match
  REQUIRE(straight.length() == 1300);
  std::size_t invalid = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const float a = straight.samples()[i], b = general.samples()[i];
    invalid += std::isnan(a) ? 1 : 0;
    CHECK((a == b || (std::isnan(a) && std::isnan(b))));
  }
  CHECK(invalid > 0);
  CHECK(straight.lead(0)[1] == static_cast<float>(samples[3] / 1000.0));
  CHECK(straight.lead(1)[1] == static_cast<float>((samples[4] + 39) / 9151.773049645391));
}

TEST_CASE("frames of several samples: kept in the trace, averaged in the recording") {
  const TemporaryFolder folder;
  // Frames of (a, a, b): means are rounded towards zero, invalid samples are left out.
  write_record(folder, "r",
               "r 2 100 3\nr.dat 16x2 1/mV 16 0 0 0 0 I\nr.dat 16 1/mV 16 0 0 0 0 II\n", 16,
               {3, 4, 10, -3, -4, 20, -32768, 9, 30});
  const auto record = read_wfdb(folder.path() / "r", ignoring());
  CHECK(record.parts[0].traces[0].digital == Samples{3, 4, -3, -4, -32768, 9});
  CHECK(record.digital(0) == Samples{3, -3, 9});
  CHECK(record.digital(1) == Samples{10, 20, 30});
  CHECK(record.physical(0) == std::vector<double>{3, -3, 9});
  CHECK(to_recording(record).notes.size() == 1);
}

TEST_CASE("skew moves a signal forward and leaves its end invalid") {
  const TemporaryFolder folder;
  write_record(folder, "r", "r 2 100 4\nr.dat 16:2 1/mV\nr.dat 16 1/mV\n", 16,
               {1, 10, 2, 20, 3, 30, 4, 40});
  const auto record = read_wfdb(folder.path() / "r");
  CHECK(record.digital(0) == Samples{3, 4, -32768, -32768});
  CHECK(record.digital(1) == Samples{10, 20, 30, 40});
  CHECK(std::isnan(record.physical(0)[2]));
}

TEST_CASE("format 8 integrates from the initial value, also in a cut") {
  const TemporaryFolder folder;
  write_record(folder, "r", "r 1 100 4\nr.dat 8 1/mV 8 0 100\n", 8, {1, 2, -3, 4});
  CHECK(read_wfdb(folder.path() / "r").digital(0) == Samples{101, 103, 100, 104});
  WfdbReadOptions cut;
  cut.first_frame = 2;
  CHECK(read_wfdb(folder.path() / "r", cut).digital(0) == Samples{100, 104});
}

TEST_CASE("checksums") {
  const TemporaryFolder folder;
  write_record(folder, "good", "good 1 100 3\ngood.dat 16 1/mV 16 0 1 -3 0 I\n", 16, {1, -6, 2});
  write_record(folder, "bad", "bad 1 100 3\nbad.dat 16 1/mV 16 0 1 4 0 I\n", 16, {1, -6, 2});
  WfdbReadOptions strict;
  strict.checksums = ChecksumPolicy::error;
  CHECK(read_wfdb_recording(folder.path() / "good", strict).notes.empty());
  CHECK(kind_of(folder.path() / "bad", strict) == ErrorKind::data);
  CHECK(read_wfdb_recording(folder.path() / "bad").notes.size() == 1);
  CHECK(read_wfdb_recording(folder.path() / "bad", ignoring()).notes.empty());
}

TEST_CASE("units") {
  const TemporaryFolder folder;
  write_record(folder, "r",
               "r 4 100 1\nr.dat 16 2/uV 0 0 0 4000 0 I\nr.dat 16 2/V 0 0 0 4000 0 I\n"
               "r.dat 16 2/mmHg 0 0 0 4000 0 ABP\nr.dat 16 2/ 0 0 0 4000 0 \n",
               16, {4000, 4000, 4000, 4000});
  const auto recording = read_wfdb_recording(folder.path() / "r");
  CHECK(recording.leads == std::vector<std::string>{"I", "I_2", "ABP", "signal_4"});
  CHECK(recording.lead(0)[0] == 2.0F);
  CHECK(recording.lead(1)[0] == 2e6F);
  CHECK(recording.lead(2)[0] == 2000.0F);
  CHECK(recording.notes.size() == 2);
}

TEST_CASE("variable layout: gaps are NaN, signals are found by name") {
  const TemporaryFolder folder;
  folder.write("layout.hea", "layout 2 250 0\n~ 0 1/mV 0 0 0 0 0 I\n~ 0 1/mV 0 0 0 0 0 II\n");
  write_record(folder, "a", "a 2 250 2\na.dat 16 1/mV 0 0 0 3 0 II\na.dat 16 2/mV 0 0 0 30 0 I\n",
               16, {1, 10, 2, 20});
  write_record(folder, "b", "b 1 250 1\nb.dat 16 4/mV 0 0 0 40 0 I\n", 16, {40});
  folder.write("r.hea", "r/4 2 250 6\nlayout 0\na 2\n~ 3\nb 1\n");
  const auto recording = read_wfdb_recording(folder.path() / "r");
  CHECK(recording.notes.empty());
  CHECK(recording.lead(0)[1] == 10.0F);
  CHECK(std::isnan(recording.lead(0)[2]));
  CHECK(recording.lead(0)[5] == 10.0F);
  CHECK(recording.lead(1)[0] == 1.0F);
  CHECK(std::isnan(recording.lead(1)[5]));
  CHECK_THROWS_AS(read_wfdb(folder.path() / "r").digital(0), Error);  // two gains
  CHECK(read_wfdb(folder.path() / "r").digital(1) == Samples{1, 2, -32768, -32768, -32768, -32768});
  WfdbReadOptions cut;
  cut.first_frame = 1;
  cut.last_frame = 3;
  CHECK(read_wfdb(folder.path() / "r", cut).digital(1) == Samples{2, -32768});
}

TEST_CASE("records that contradict themselves are data errors") {
  const TemporaryFolder folder;
  const auto& at = folder.path();
  write_record(folder, "short", "short 2 100 1000\nshort.dat 16\nshort.dat 16\n", 16, {1, 2, 3});
  CHECK(kind_of(at / "short") == ErrorKind::data);
  write_record(folder, "huge", "huge 2 100 200000000000000\nhuge.dat 16\nhuge.dat 16\n", 16, {1});
  CHECK(kind_of(at / "huge") == ErrorKind::data);
  write_record(folder, "offset", "offset 1 100 1\noffset.dat 16+999999999999\n", 16, {1});
  CHECK(kind_of(at / "offset") == ErrorKind::data);
  write_record(folder, "offset2", "offset2 1 100\noffset2.dat 80+9999\n", 80, {1});
  CHECK(kind_of(at / "offset2") == ErrorKind::data);
  write_record(folder, "odd", "odd 1 100 1\nodd.dat 17\n", 16, {1});
  CHECK(kind_of(at / "odd") == ErrorKind::data);
  write_record(folder, "two", "two 2 100 1\ntwo.dat 16\ntwo.dat 80\n", 16, {1, 2});
  CHECK(kind_of(at / "two") == ErrorKind::data);
  folder.write("missing.hea", "missing 1 100 1\nmissing.dat 16\n");
  CHECK(kind_of(at / "missing") == ErrorKind::io);
  folder.write("self.hea", "self/1 1 100 10\nself 10\n");
  CHECK(kind_of(at / "self") == ErrorKind::data);
  folder.write("gap.hea", "gap/1 1 100 200000000000000\n~ 200000000000000\n");
  CHECK(kind_of(at / "gap") == ErrorKind::data);
  write_record(folder, "rate", "rate 1 99 1\nrate.dat 16\n", 16, {1});
  folder.write("rates.hea", "rates/1 1 100 1\nrate 1\n");
  CHECK(kind_of(at / "rates") == ErrorKind::data);
  WfdbReadOptions behind;
  behind.first_frame = 5;
  CHECK(kind_of(at / "rate", behind) == ErrorKind::data);
}
