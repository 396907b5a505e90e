#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/base/random.h"
#include "einthoven/format/wfdb_header.h"
#include "einthoven/format/wfdb_header_fields.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

WfdbHeader parse(std::string_view text) { return parse_wfdb_header(text, "test.hea"); }

std::string message_of(std::string_view text) {
  try {
    parse(text);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::data);
    return error.message();
  }
  return "no error";
}

bool refuses(std::string_view text, std::string_view part) {
  const std::string message = message_of(text);
  CAPTURE(message);
  return message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a Challenge header is read in full") {
  const auto header = parse(
      "A0001 2 500 7500 12-May-2020 12:33:59\n"
      "A0001.mat 16+24 1000/mV 16 0 28 -1716 0 I\n"
      "A0001.mat 16x1+24 1000.0(-3)/mv 16 0 7 2029 0 II\n"
      "#Age: 74\n"
      "# Dx: 59118001\t\n");
  CHECK(header.record_name == "A0001");
  CHECK(header.rate_hz == 500);
  CHECK(header.length == 7500);
  CHECK(header.base_date == "2020-05-12");
  CHECK(header.base_time == "12:33:59");
  REQUIRE(header.signals.size() == 2);
  const auto& first = header.signals[0];
  CHECK(first.file_name == "A0001.mat");
  CHECK(first.format == 16);
  CHECK(first.byte_offset == 24);
  CHECK(first.gain == 1000);
  CHECK(first.baseline == 0);
  CHECK(first.initial_value == 28);
  CHECK(first.checksum == -1716);
  CHECK(first.name == "I");
  CHECK(header.signals[1].baseline == -3);
  CHECK(header.signals[1].units == "mv");
  CHECK(header.comments == std::vector<std::string>{"Age: 74", "Dx: 59118001"});
  CHECK(header.notes.empty());
}

TEST_CASE("a record line that names a file is accepted with a note") {
  const auto header =
      parse("E00015.mat 1 500 5000 05-May-2020 14:50:55\nE00015.mat 16+24 4880/mV\n");
  CHECK(header.record_name == "E00015");
  CHECK(header.notes.size() == 2);  // also the gain of the early release
  CHECK(header.signals[0].gain == 4880);
}

TEST_CASE("defaults of the standard") {
  const auto header = parse("r 2\r\nr.dat 212\r\nr.dat 8x2:3+4 0/uV 11 1024\r\n");
  CHECK(header.rate_hz == 250);
  CHECK_FALSE(header.length.has_value());
  CHECK(header.signals[0].gain == 200);
  CHECK(header.signals[0].units == "mV");
  CHECK_FALSE(header.signals[0].checksum.has_value());
  const auto& second = header.signals[1];
  CHECK(second.samples_per_frame == 2);
  CHECK(second.skew == 3);
  CHECK(second.byte_offset == 4);
  CHECK(second.gain == 200);
  CHECK(second.baseline == 1024);
  CHECK(second.initial_value == 1024);
  CHECK(second.units == "uV");
}

TEST_CASE("rates, counters and scientific gains") {
  const auto header =
      parse("r 1 360.5/100(-4) 10\nr.dat 16 1.052e+04/NU 16 0 1 2 3 PLETH left arm\n");
  CHECK(header.rate_hz == 360.5);
  CHECK(header.counter_hz == 100);
  CHECK(header.base_counter == -4);
  CHECK(header.signals[0].gain == 10520);
  CHECK(header.signals[0].name == "PLETH left arm");
}

TEST_CASE("segments") {
  const auto header = parse("r/3 2 250 210\nlayout 0\nseg0 150\n~ 60\n# text\n");
  REQUIRE(header.is_multi_segment());
  CHECK(header.has_layout_segment());
  CHECK(header.segments[1].length == 150);
  CHECK(header.segments[2].is_gap());
  CHECK(header.signal_count == 2);
}

TEST_CASE("dates and times") {
  CHECK(parse_wfdb_date("29/04/1995") == "1995-04-29");
  CHECK(parse_wfdb_date("23-Mar-2021") == "2021-03-23");
  CHECK_FALSE(parse_wfdb_date("31/13/1995").has_value());
  CHECK_FALSE(parse_wfdb_date("12:00:00").has_value());
  CHECK(parse_wfdb_time("7:5:30.25") == "07:05:30.25");
  CHECK(parse_wfdb_time("5:30") == "00:05:30");
  CHECK_FALSE(parse_wfdb_time("12:99:00").has_value());
  CHECK(parse("r 0 100 10 25:99:99\n").notes.size() == 1);
}

TEST_CASE("names that leave the folder are refused") {
  for (const char* name :
       {"../x.dat", "/etc/passwd", "a/../../b", "http://h/x.dat", "c:\\x", "-", ""})
    CHECK_FALSE(is_safe_wfdb_name(name));
  CHECK(is_safe_wfdb_name("100.dat"));
  CHECK(is_safe_wfdb_name("~"));
  CHECK(refuses("r 1 100 10\n../secret.dat 16\n", "test.hea:2: file name"));
  CHECK(refuses("../r 1 100 10\nr.dat 16\n", "number of segments"));
  CHECK(refuses("r/1 1 100 10\n/abs 10\n", "segment name"));
}

TEST_CASE("malformed headers are data errors with their place") {
  CHECK(refuses("", "record line"));
  CHECK(refuses("# only\n# comments\n", "record line"));
  CHECK(refuses("r\n", "record line"));
  CHECK(refuses("r two\n", "number of signals"));
  CHECK(refuses("r 99999999999 500 1\n", "out of range"));
  CHECK(refuses("r -1 500 1\n", "out of range"));
  CHECK(refuses("r 1 0 100\nr.dat 16\n", "sample rate: must be positive"));
  CHECK(refuses("r 1 nan 100\nr.dat 16\n", "sample rate"));
  CHECK(refuses("r 1 500 99999999999999999999\nr.dat 16\n", "number of samples"));
  CHECK(refuses("r 3 500 100\nr.dat 16\n", "too few lines (got 1, want 3)"));
  CHECK(refuses("r 1 500 100\nr.dat\n", "test.hea:2: format"));
  CHECK(refuses("r 1 500 100\nr.dat 16x0\n", "samples per frame"));
  CHECK(refuses("r 1 500 100\nr.dat 16y2\n", "format"));
  CHECK(refuses("r 1 500 100\nr.dat 16 inf/mV\n", "gain"));
  CHECK(refuses("r 1 500 100\nr.dat 16 200(x)/mV\n", "baseline"));
  CHECK(refuses("r 1 500 100\nr.dat 16 200 12 z\n", "ADC zero"));
  CHECK(refuses("r/2 1 500 100\na 60\nb 50\n", "do not add up"));
  CHECK(refuses("r/0 1 500 100\n", "number of segments"));
  CHECK(refuses("r/2 1 500\na 60\nb -5\n", "segment length"));
}

TEST_CASE("a header survives writing") {
  const std::string text =
      "r 2 360 100 01:02:03 29/04/1995\n"
      "r.dat 16x2:1+24 200.5(-7)/uV 12 3 4 -5 6 aVR\n"
      "r.dat 212 1000(0)/mV 16 0 1 2 0 V1\n"
      "#Dx: 1,2\n";
  CHECK(wfdb_header_text(parse(text)) == text);
  const std::string segments = "r/2 2 250 210\nlayout 0\nseg0 210\n";
  CHECK(wfdb_header_text(parse(segments)) == segments);
}

TEST_CASE("random damage to a header is read or is a data error") {
  const std::string good =
      "r/2 2 360/100(3) 100 01:02:03 29/04/1995\nr.dat 16x2:1+24 2e2(-7)/uV 12 3 4 -5 6 aVR\n# x\n";
  RandomStream random(5, "header");
  for (int round = 0; round < 5000; ++round) {
    std::string text = good;
    for (int k = 0; k < 3; ++k) {
      const auto at = random.below(text.size());
      text[at] = random.below(2) == 0 ? static_cast<char>(random.below(256))
                                      : "0123456789+-./:()xe\n "[random.below(21)];
    }
    try {
      const auto header = parse(text);
      CHECK(header.rate_hz > 0);
      for (const auto& spec : header.signals) CHECK(is_safe_wfdb_name(spec.file_name));
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::data);
    }
  }
}
