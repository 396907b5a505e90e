#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/base/npy.h"
#include "einthoven/format/csv_recording.h"
#include "einthoven/format/mat_recording.h"
#include "einthoven/format/npy_recording.h"
#include "temporary_folder.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

ReadOptions at_rate(double rate_hz) {
  ReadOptions options;
  options.rate_hz = rate_hz;
  return options;
}

template <class Read>
ErrorKind kind_of(Read read) {
  try {
    read();
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::internal;
}

}  // namespace

TEST_CASE(".npy: the shorter side holds the leads") {
  const TemporaryFolder folder;
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  const fs::path path = folder.path() / "x.npy";
  write_npy<float>(path, {2, 3}, values);
  auto recording = read_npy_recording(path, at_rate(100));
  CHECK(recording.lead(1)[0] == 4);
  CHECK(recording.leads == std::vector<std::string>{"signal_1", "signal_2"});
  write_npy<float>(path, {3, 2}, values);
  recording = read_npy_recording(path, at_rate(100));
  CHECK(recording.lead(1)[0] == 2);
  auto three = at_rate(100);
  three.leads = {"i", "ii", "v1"};
  CHECK(read_npy_recording(path, three).leads == std::vector<std::string>{"I", "II", "V1"});
  CHECK(read_npy_recording(path, three).lead(2)[1] == 6);
  write_npy<float>(path, {6}, values);
  CHECK(read_npy_recording(path, at_rate(100)).length() == 6);
}

TEST_CASE(".npy: nothing is guessed") {
  const TemporaryFolder folder;
  const std::vector<float> values = {1, 2, 3, 4};
  const fs::path path = folder.path() / "x.npy";
  write_npy<float>(path, {2, 2}, values);
  CHECK(kind_of([&] { read_npy_recording(path, at_rate(100)); }) == ErrorKind::data);
  write_npy<float>(path, {1, 4}, values);
  CHECK(kind_of([&] { read_npy_recording(path, {}); }) == ErrorKind::usage);
  write_npy<float>(path, {1, 2, 2}, values);
  CHECK(kind_of([&] { read_npy_recording(path, at_rate(100)); }) == ErrorKind::data);
  const std::vector<std::int16_t> integers = {1000, 500};
  write_npy<std::int16_t>(path, {1, 2}, integers);
  CHECK(kind_of([&] { read_npy_recording(path, at_rate(100)); }) == ErrorKind::usage);
  folder.write("x.json", R"({"rate_hz": 250, "leads": ["II"], "gain_adu_per_mv": 1000})");
  const auto recording = read_npy_recording(path, {});
  CHECK(recording.rate_hz == 250);
  CHECK(recording.lead(0)[1] == 0.5F);
  folder.write("x.json", R"({"rate_hz": "fast"})");
  CHECK(kind_of([&] { read_npy_recording(path, {}); }) == ErrorKind::data);
  folder.write("x.json", "[");
  CHECK(kind_of([&] { read_npy_recording(path, {}); }) == ErrorKind::data);
}

TEST_CASE(".csv: rate from a comment, a time column or the options") {
  const TemporaryFolder folder;
  const auto read = [&](std::string_view text, const ReadOptions& options = {}) {
    return read_csv_recording(folder.write("x.csv", text), options);
  };
  auto recording = read("# rate_hz: 500\nI, avr\n1,2\n3,\n\n5,nan\n");
  CHECK(recording.rate_hz == 500);
  CHECK(recording.leads == std::vector<std::string>{"I", "aVR"});
  CHECK(recording.lead(0)[2] == 5);
  CHECK(std::isnan(recording.lead(1)[1]));
  CHECK(std::isnan(recording.lead(1)[2]));
  recording = read("time_ms;\"I\"\r\n0;1.5\r\n4;2\r\n8;-3e-1\r\n");
  CHECK(recording.rate_hz == 250);
  CHECK(recording.lead(0)[2] == -0.3F);
  recording = read("sample\tII\n0\t1\n1\t2\n", at_rate(100));
  CHECK(recording.leads == std::vector<std::string>{"II"});
  CHECK(kind_of([&] { read("I,II\n1,2\n"); }) == ErrorKind::usage);
}

TEST_CASE(".csv: malformed tables are data errors") {
  const TemporaryFolder folder;
  for (const char* text : {"", "# only a comment\n", "I,II\n1\n", "I,II\n1,x\n", "I,II\n1,2,3\n"}) {
    CAPTURE(text);
    const fs::path path = folder.write("x.csv", text);
    CHECK(kind_of([&] { read_csv_recording(path, at_rate(100)); }) == ErrorKind::data);
  }
  const fs::path path = folder.write("x.csv", "# rate_hz: -5\nI,II\n1,2\n");
  CHECK(kind_of([&] { read_csv_recording(path, {}); }) == ErrorKind::data);
}

TEST_CASE(".mat: feats, val and ECG") {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  MatFile file;
  file.source = "x.mat";
  file.variables = {mat_matrix<float>("feats", 2, 3, values),
                    mat_scalar<std::int64_t>("curr_sample_rate", 500)};
  auto recording = recording_from_mat(file, {});
  CHECK(recording.rate_hz == 500);
  CHECK(recording.lead(1)[0] == 4);
  file.variables.push_back(mat_text("leads", std::vector<std::string>{"II", "V5"}));
  CHECK(recording_from_mat(file, {}).leads == std::vector<std::string>{"II", "V5"});
  MatVariable& leads = file.variables.back();
  leads.cls = MatClass::cell;
  leads.dims = {1, 2};
  leads.children = {mat_text("", std::vector<std::string>{"aVR"}), mat_scalar<double>("", 1)};
  CHECK(recording_from_mat(file, {}).leads[0] != "aVR");
  leads.children[1] = mat_text("", std::vector<std::string>{"V5"});
  CHECK(recording_from_mat(file, {}).leads == std::vector<std::string>{"aVR", "V5"});
  file.variables = {mat_matrix<float>("val", 2, 3, values)};
  CHECK(kind_of([&] { recording_from_mat(file, at_rate(100)); }) == ErrorKind::usage);
  auto options = at_rate(100);
  options.gain_adu_per_mv = 2;
  CHECK(recording_from_mat(file, options).lead(0)[1] == 1);
  file.variables[0].name = "other";
  CHECK(kind_of([&] { recording_from_mat(file, options); }) == ErrorKind::data);
}

TEST_CASE(".mat: samples x leads, rates and units of variables and fields") {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};  // three samples of two leads
  MatFile file;
  file.source = "x.mat";
  file.variables = {mat_matrix<float>("feats", 3, 2, values), mat_scalar<double>("Fs", 360),
                    mat_text("units", std::vector<std::string>{"uV"})};
  auto recording = recording_from_mat(file, {});
  CHECK(recording.rate_hz == 360);
  CHECK(recording.lead_count() == 2);
  CHECK(recording.lead(1)[2] == doctest::Approx(0.006));
  file.variables[2] = mat_text("units", std::vector<std::string>{"bar"});
  CHECK(kind_of([&] { recording_from_mat(file, {}); }) == ErrorKind::data);

  MatVariable ecg;
  ecg.name = "ECG";
  ecg.cls = MatClass::structure;
  ecg.dims = {1, 1};
  ecg.fields = {"data", "fs_hz"};
  ecg.children = {mat_matrix<float>("data", 3, 2, values), mat_scalar<double>("fs_hz", 250)};
  file.variables = {ecg};
  recording = recording_from_mat(file, {});
  CHECK(recording.rate_hz == 250);
  CHECK(recording.lead(0)[1] == 3);
  CHECK(recording.notes.size() == 1);  // of the names only
  file.variables[0].children[1].name = "age";
  CHECK(recording_from_mat(file, {}).rate_hz == 500);

  file.variables = {mat_matrix<float>("feats", 2, 2, std::span(values).first(4))};
  CHECK(recording_from_mat(file, at_rate(100)).lead(1)[0] == 3);  // the layout says leads x samples
}

TEST_CASE(".npy: the unit of the .json file") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "x.npy";
  const std::vector<float> floats = {1000, 500};
  const std::vector<std::int16_t> integers = {1000, 500};
  bool unit_is_known = false;
  const auto first = [&](const char* json) {
    folder.write("x.json", json);
    const auto recording = read_npy_recording(path, {});
    unit_is_known = recording.unit_is_known;
    return recording.lead(0)[0];
  };
  write_npy<float>(path, {1, 2}, floats);
  CHECK(first(R"({"rate_hz": 1})") == 1000);
  CHECK_FALSE(unit_is_known);
  CHECK(first(R"({"rate_hz": 1, "units": "mV"})") == 1000);
  CHECK(unit_is_known);
  CHECK(first(R"({"rate_hz": 1, "units": "uV"})") == 1);
  CHECK(first(R"({"rate_hz": 1, "unit": "\u00b5V"})") == 1);
  CHECK(first(R"({"rate_hz": 1, "units": "V"})") == 1e6F);
  CHECK(first(R"({"rate_hz": 1, "units": "adu", "gain_adu_per_mv": 500})") == 2);
  CHECK(kind_of([&] { first(R"({"rate_hz": 1, "units": "bar"})"); }) == ErrorKind::data);
  CHECK(kind_of([&] { first(R"({"rate_hz": 1, "units": 3})"); }) == ErrorKind::data);
  CHECK(kind_of([&] { first(R"({"rate_hz": 1, "units": "adu"})"); }) == ErrorKind::usage);
  write_npy<std::int16_t>(path, {1, 2}, integers);
  CHECK(first(R"({"rate_hz": 1, "units": "uV"})") == 1);
  CHECK(first(R"({"rate_hz": 1, "units": "adu", "gain_adu_per_mv": 500})") == 2);
}
