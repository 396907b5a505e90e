#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "einthoven/base/error.h"
#include "einthoven/format/csv_recording.h"
#include "temporary_folder.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

using Names = std::vector<std::string>;

ReadOptions at_500_hz(Names leads = {}) {
  ReadOptions options;
  options.rate_hz = 500;
  options.leads = std::move(leads);
  return options;
}

signal::Recording read(std::string_view text, const ReadOptions& options = at_500_hz()) {
  const TemporaryFolder folder;
  return read_csv_recording(folder.write("x.csv", text), options);
}

/// What the error says; empty if there is none.
std::string refusal(std::string_view text, const ReadOptions& options = at_500_hz()) {
  try {
    read(text, options);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// 400 rows, `time(i)` in the first column.
template <class Time>
std::string with_times(std::string header, const char* shape, Time time) {
  for (int i = 0; i < 400; ++i) {
    char line[64];
    std::snprintf(line, sizeof line, shape, time(i));
    header += '\n' + std::string(line) + ",0.5";
  }
  return header;
}

}  // namespace

TEST_CASE("without a header no sample is lost and names are wanted") {
  CHECK(contains(refusal("0.1,0.2\n0.3,0.4\n"), "no header line"));
  const auto recording = read("0.1,nan\n0.3,0.4\n", at_500_hz({"II", "V1"}));
  CHECK(recording.leads == Names{"II", "V1"});
  CHECK(recording.length() == 2);
  CHECK(recording.lead(0)[0] == 0.1F);
  const auto numbered = read("0,1,2\n0.3,0.4,0.5\n", at_500_hz({"I", "II", "V1"}));
  CHECK(numbered.length() == 1);
}

TEST_CASE("invalid samples of one lead alone come back") {
  const TemporaryFolder folder;
  signal::Recording written({"II"}, 3, 500);
  written.lead(0)[1] = -std::numeric_limits<float>::quiet_NaN();
  write_csv_recording(folder.path() / "x.csv", written);
  CHECK(read_file(folder.path() / "x.csv").ends_with("II\n0\nnan\n0\n"));
  const auto read = read_csv_recording(folder.path() / "x.csv", {});
  REQUIRE(read.length() == 3);
  CHECK(std::isnan(read.lead(0)[1]));
}

TEST_CASE("units of the header are honoured") {
  for (const char* header : {"I (uV)", "I [\xc2\xb5V]", "I_uV", "\"I (uV)\"", "I/uV", "I uV"}) {
    CAPTURE(header);
    const auto recording = read(std::string(header) + ",II (mV),V1 (V),MLII\n500,0.5,0.0005,0.5\n");
    CHECK(recording.leads == Names{"I", "II", "V1", "MLII"});
    for (std::size_t l = 0; l < 4; ++l) CHECK(recording.lead(l)[0] == 0.5F);
  }
  CHECK(read("I (uV),II (mV)\n1,2\n").unit_is_known);
  CHECK_FALSE(read("I (uV),II\n1,2\n").unit_is_known);
  CHECK(contains(refusal("I (mmHg),II\n1,2\n"), "mmHg"));
  CHECK(read("lead_V,ECG [1]\n1,2\n").leads == Names{"lead_V", "ECG [1]"});
}

TEST_CASE("a line of units below the header, as PhysioNet exports it") {
  std::string text = "'Elapsed time','MLII','V5'\n'hh:mm:ss.mmm','uV','mV'\n";
  for (int i = 0; i < 720; ++i) {
    char line[64];
    std::snprintf(line, sizeof line, "'%d:%06.3f',-145.000,-\n", 59, i / 360.0);
    text += line;
  }
  const auto recording = read(text, {});
  CHECK(recording.leads == Names{"MLII", "V5"});
  CHECK(recording.rate_hz == 360);
  CHECK(recording.length() == 720);
  CHECK(recording.unit_is_known);
  CHECK(recording.lead(0)[0] == -0.145F);
  CHECK(std::isnan(recording.lead(1)[0]));
  CHECK(read("time,I\ns,mV\n0:59.998,1\n1:00.000,2\n1:00.002,3\n", {}).rate_hz == 500);
  CHECK(read("sample,I,II\n,V,mV\n0,0.001,1\n").lead(0)[0] == 1);
  CHECK(contains(refusal("I,ABP\nmV,mmHg\n1,2\n"), "ABP: has a unit that is not known"));
  CHECK(contains(refusal("I,II\nfoo,bar\n1,2\n"), "x.csv:2"));
  CHECK(contains(refusal("time_ms,I\n0:00.000,1\n0:00.002,2\n"), "x.csv:2: time"));
}

TEST_CASE("columns that are no leads") {
  for (const char* first : {"", "Unnamed: 0", "sample", "'sample #'", "index", "Index"}) {
    CAPTURE(first);
    const auto recording = read(std::string(first) + ",'MLII',V5\n0,1,2\n1,3,4\n");
    CHECK(recording.leads == Names{"MLII", "V5"});
    CHECK(recording.lead(1)[1] == 4);
  }
  const auto both = read(",time,I\n0,0,5\n1,0.004,6\n", {});
  CHECK(both.rate_hz == 250);
  CHECK(both.leads == Names{"I"});
  const auto last = read("I,time,V1\n5,0,7\n6,0.004,8\n", {});
  CHECK(last.rate_hz == 250);
  CHECK(last.leads == Names{"I", "V1"});
  CHECK(last.lead(1)[1] == 8);
  CHECK(read("\tI\tII\n0\t1\t2\n").leads == Names{"I", "II"});
  CHECK(read("I,II,\n1,2,\n3,4,\n").leads == Names{"I", "II"});
  CHECK(read("I,II\n1,2,\n3,4,\n").length() == 2);
  CHECK(contains(refusal("I,II,\n1,2,\n3,4,5\n"), "x.csv:3"));
  CHECK(read("I,I,i\n1,2,3\n").leads == Names{"I", "I_2", "I_3"});
}

TEST_CASE("line ends, decimal commas, quotes, missing cells, other codes") {
  CHECK(read("I,II\r1,2\r3,4\r").length() == 2);
  const auto commas = read("0,1;-0,25\n+1,5;2\n", at_500_hz({"I", "II"}));
  CHECK(commas.lead(0)[0] == 0.1F);
  CHECK(commas.lead(1)[0] == -0.25F);
  CHECK(commas.lead(0)[1] == 1.5F);
  CHECK(contains(refusal("I;II\n1.234,5;0\n"), "not a number"));
  CHECK(read("\"I\",\"II\"\n\"0.5\",\"0,25\"\n").lead(1)[0] == 0.25F);
  const auto missing = read("I,II,V1\nNA,,nan\nn/a,NaN,\"\"\n");
  for (const float value : missing.samples()) CHECK(std::isnan(value));
  CHECK(contains(refusal(std::string_view("\xff\xfeI\0,\0", 6)), "UTF-16"));
}

TEST_CASE("times are read in the unit of their header") {
  const auto milliseconds = [](int i) { return 2.0 * i; };
  for (const char* header : {"time_ms,I", "Time [ms],I", "time (ms),I", "t (msec),I", "ms,I"}) {
    CAPTURE(header);
    CHECK(read(with_times(header, "%g", milliseconds), {}).rate_hz == 500);
  }
  const auto seconds = [](int i) { return i / 250.0; };
  for (const char* header : {"time,I", "Time [s],I", "seconds,I", "timestamp,I"})
    CHECK(read(with_times(header, "%.3f", seconds), {}).rate_hz == 250);
  CHECK(read(with_times("time_us,I", "%.0f", [](int i) { return 1e6 * i / 360; }), {}).rate_hz ==
        360);
  CHECK(contains(refusal(with_times("time,I", "%g", milliseconds), {}), "name the unit"));
  CHECK(contains(refusal(with_times("time (weeks),I", "%g", milliseconds), {}), "weeks"));
  CHECK(read(with_times("time,I", "%g", milliseconds)).rate_hz == 500);  // the options say it
}

TEST_CASE("times printed with few digits give the rate") {
  for (const double rate : {128.0, 250.0, 257.0, 360.0, 400.0, 500.0, 1000.0}) {
    CAPTURE(rate);
    const auto time = [&](int i) { return i / rate; };
    CHECK(read(with_times("time,I", "%.3f", time), {}).rate_hz == rate);
    CHECK(read(with_times("time,I", "%.9f", time), {}).rate_hz == rate);
    CHECK(read(with_times("time,I", "%.17g", time), {}).rate_hz == rate);
  }
}

TEST_CASE("times with a gap, uneven, falling or against the stated rate are refused") {
  const auto gap = [](int i) { return (i + (i > 200 ? 1 : 0)) / 500.0; };
  const auto long_gap = [](int i) { return i / 250.0 + (i > 200 ? 3 : 0); };
  CHECK(contains(refusal(with_times("time,I", "%.4f", long_gap)),
                 "x.csv:203: time: has a step of 3.004"));
  CHECK(
      contains(refusal(with_times("time,I", "%.4f", gap)), "x.csv:203: time: has a step of 0.004"));
  CHECK(contains(
      refusal(with_times("time,I", "%.3f", [](int i) { return (i + (i > 7 ? 1 : 0)) / 1e3; })),
      "has a step of 0.002"));
  CHECK(
      contains(refusal(with_times("time,I", "%.5f", [](int i) { return 1e-5 * i * i; })), "time"));
  CHECK(contains(refusal(with_times("time,I", "%.4f", [](int i) { return -i / 500.0; })), "rise"));
  CHECK(contains(refusal("time,I\n0,1\n,2\n0.004,3\n"), "x.csv:3"));
  const auto even = [](int i) { return i / 500.0; };
  CHECK(read(with_times("# rate_hz: 500\ntime,I", "%.4f", even), {}).rate_hz == 500);
  CHECK(contains(refusal(with_times("# rate_hz: 250\ntime,I", "%.4f", even), {}), "contradicts"));
}
