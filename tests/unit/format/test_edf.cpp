#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/format/edf_annotation.h"
#include "einthoven/format/edf_recording.h"
#include "temporary_folder.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

signal::Recording two_seconds() {
  signal::Recording recording({"I", "V2"}, 200, 100);
  for (std::size_t i = 0; i < recording.samples().size(); ++i)
    recording.samples()[i] = 0.001F * static_cast<float>(i);
  recording.base_date = "2020-02-29";
  recording.base_time = "23:59:58";
  recording.device.highpass_hz = 0.05;
  recording.annotations.push_back({.sample = 150, .symbol = "V"});
  return recording;
}

}  // namespace

TEST_CASE("EDF+: what is written comes back") {
  const TemporaryFolder folder;
  const auto written = two_seconds();
  write_edf_recording(folder.path() / "x.edf", written);
  signal::Subject subject;
  subject.id = "old";
  ReadOptions options;
  options.subject = &subject;
  const auto read = read_edf_recording(folder.path() / "x.edf", options);
  CHECK(read.leads == written.leads);
  CHECK(read.base_date == written.base_date);
  CHECK(read.base_time == written.base_time);
  CHECK(read.device.highpass_hz == 0.05);
  CHECK_FALSE(read.device.notch_hz.has_value());
  REQUIRE(read.annotations.size() == 1);
  CHECK(read.annotations[0].sample == 150);
  CHECK(read.annotations[0].symbol == "V");
  CHECK(subject.id.empty());
  CHECK(read.lead(1)[199] == doctest::Approx(0.399));
}

TEST_CASE("EDF+: the year has four digits in the recording field") {
  const TemporaryFolder folder;
  write_edf_recording(folder.path() / "x.edf", two_seconds());
  const std::string bytes = read_file(folder.path() / "x.edf");
  const auto date_of = [&](const char* header, const char* start_date) {
    std::string changed = bytes;
    changed.replace(168, 8, header);
    changed.replace(98, 11, start_date);
    return read_edf_recording(folder.write("y.edf", changed), {}).base_date;
  };
  CHECK(date_of("29.02.84", "29-FEB-1984") == "1984-02-29");
  CHECK(date_of("29.02.yy", "29-Feb-2124") == "2124-02-29");
  CHECK(date_of("28.02.84", "29-FEB-1984") == "2084-02-28");
  CHECK(date_of("29.02.99", "29-FEX-1984") == "1999-02-29");
  CHECK(date_of("29.02.99", "29-FEB-84  ") == "1999-02-29");
  CHECK(date_of("29.02.99", "X X X      ").empty());
}

TEST_CASE("EDF+: the fraction of the starting second is the onset of the first record") {
  const TemporaryFolder folder;
  auto written = two_seconds();
  written.base_time += ".999";
  written.statements = {"sinus rhythm"};
  write_edf_recording(folder.path() / "x.edf", written);
  CHECK(read_file(folder.path() / "x.edf").find("+1.999\x14\x14") != std::string::npos);
  const auto read = read_edf_recording(folder.path() / "x.edf", {});
  CHECK(read.base_time == "23:59:58.999");
  REQUIRE(read.annotations.size() == 2);
  CHECK(read.annotations[0].sample == 0);
  CHECK(read.annotations[1].sample == 150);
}

TEST_CASE("EDF+D: a gap between records becomes NaN") {
  const TemporaryFolder folder;
  write_edf_recording(folder.path() / "x.edf", two_seconds());
  std::string bytes = read_file(folder.path() / "x.edf");
  bytes.replace(bytes.find("EDF+C"), 5, "EDF+D");
  bytes.replace(bytes.find("+1\x14\x14"), 4, "+3\x14\x14");
  const auto read = read_edf_recording(folder.write("gap.edf", bytes), {});
  CHECK(read.length() == 400);
  CHECK(read.lead(0)[99] == doctest::Approx(0.099));
  CHECK(std::isnan(read.lead(0)[100]));
  CHECK(std::isnan(read.lead(1)[299]));
  CHECK(read.lead(0)[300] == doctest::Approx(0.1));
  bytes.replace(bytes.find("+3\x14\x14"), 4, "+0\x14\x14");
  CHECK_THROWS_AS(read_edf_recording(folder.write("back.edf", bytes), {}), Error);
}

TEST_CASE("EDF: subject of the patient field, on request") {
  const TemporaryFolder folder;
  write_edf_recording(folder.path() / "x.edf", two_seconds());
  std::string bytes = read_file(folder.path() / "x.edf");
  bytes.replace(8, 34, "MCH-0234567 F 02-MAY-1951 Haagse_H");
  signal::Subject subject;
  ReadOptions options;
  options.subject = &subject;
  read_edf_recording(folder.write("y.edf", bytes), options);
  CHECK(subject.id == "MCH-0234567");
  CHECK(subject.sex == "female");
  CHECK(subject.birth_date == "02-MAY-1951");
  CHECK(subject.name == "Haagse_H");
}

TEST_CASE("EDF+: lists of annotations, sound and not") {
  using namespace std::string_view_literals;
  const auto sound = parse_edf_marks(
      "+5\x14\x14\0+5.5\x15"
      "2\x14one\x14two\x14\0\0\0"sv);
  CHECK(sound.start_s == 5);
  REQUIRE(sound.marks.size() == 2);
  CHECK(sound.marks[1].text == "two");
  CHECK(sound.marks[1].onset_s == 5.5);
  for (const std::string_view bad :
       {"+\x14x\x14\0"sv, "5\x14x\x14\0"sv, "+5"sv, "+nan\x14x\x14\0"sv})
    CHECK(parse_edf_marks(bad).marks.empty());
}

TEST_CASE("EDF: a damaged header is an error or is read, never a crash") {
  const TemporaryFolder folder;
  write_edf_recording(folder.path() / "x.edf", two_seconds());
  const std::string bytes = read_file(folder.path() / "x.edf");
  int refused = 0;
  for (std::size_t at = 0; at < 1024; ++at)
    for (const char value : {'9', '-', ' ', '\0'}) {
      std::string bad = bytes;
      bad[at] = value;
      try {
        parse_edf_header(as_bytes(bad), "x");
      } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::data);
        ++refused;
      }
    }
  CHECK(refused > 100);
}
