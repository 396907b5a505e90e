#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/survey/survey.h"
#include "example.h"
#include "temporary_folder.h"

using namespace einthoven;
using namespace einthoven::survey;

namespace {

std::vector<std::string> names(const std::vector<fs::path>& paths) {
  std::vector<std::string> result;
  for (const auto& path : paths) result.push_back(path.filename().string());
  return result;
}

/// With a little noise: whole microvolts of a smooth curve stand still at its crests.
signal::Recording noisy_recording() {
  auto recording = signal::healthy_recording();
  for (std::size_t i = 0; i < recording.samples().size(); ++i)
    recording.samples()[i] += 0.005F * std::sin(static_cast<float>(i * i % 6283));
  return recording;
}

}  // namespace

TEST_CASE(
    "a folder's recordings are known by their content, tables of labels and bare arrays are left") {
  const format::TemporaryFolder folder;
  const auto healthy = signal::healthy_recording();
  format::write_recording(folder.path() / "a.npy", healthy);
  format::write_recording(folder.path() / "b.edf", healthy);
  format::write_recording(folder.path() / "d.hea", healthy);
  format::write_recording(folder.path() / "e.csv", healthy);
  fs::rename(folder.path() / "b.edf", folder.path() / "b.unnamed");
  write_file_atomically(folder.path() / "notes.txt", "nothing of the kind\n");
  write_file_atomically(folder.path() / "labels.csv", "record,AF,LBBB\na,1,0\n");
  write_file_atomically(folder.path() / "empty.edf", "");  // a recording by name: to be reported
  fs::copy_file(folder.path() / "a.npy", folder.path() / "labels.npy");  // without a .json
  CHECK(names(recordings_at(folder.path())) ==
        std::vector<std::string>{"a.npy", "b.unnamed", "d.hea", "e.csv", "empty.edf"});
  format::ReadOptions described;
  described.rate_hz = 500;
  CHECK(recordings_at(folder.path(), described).size() == 6);  // with labels.npy
  CHECK(names(recordings_at(folder.path() / "e.csv")) == std::vector<std::string>{"e.csv"});
  const format::TemporaryFolder empty;
  CHECK_THROWS_AS(recordings_at(empty.path()), Error);
}

TEST_CASE("copies are found in whatever format, what cannot be read is a fault") {
  const format::TemporaryFolder folder;
  format::write_recording(folder.path() / "a.hea", noisy_recording());
  format::write_recording(folder.path() / "b.npy", format::read_recording(folder.path() / "a.hea"));
  write_file_atomically(folder.path() / "c.hea", "c twelve 500\n");
  const auto survey = survey_recordings(recordings_at(folder.path()), {}, 2);
  REQUIRE(survey.records.size() == 3);
  CHECK(survey.records[0].findings.empty());
  CHECK(survey.records[0].content_hash == survey.records[1].content_hash);
  CHECK(survey.records[1].findings.back().check == "duplicate");
  CHECK(survey.records[2].findings.front().check == "unreadable");
  CHECK(survey.count(signal::Severity::fault) == 1);
  CHECK(survey.count(signal::Severity::warning) == 2);
}
