#include <doctest/doctest.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>

#include "einthoven/base/error.h"
#include "einthoven/data/recording_source.h"
#include "einthoven/format/mat.h"
#include "einthoven/format/wfdb_write.h"
#include "einthoven/signal/lead.h"

using namespace einthoven;
using namespace einthoven::data;

namespace {

/// A recording whose leads are in reverse order, lead l constant at l / 10 mV, and a .mat file that
/// names it.
class NamedRecording {
 public:
  NamedRecording()
      : folder_(fs::temp_directory_path() / fmt::format("einthoven_named_{}", getpid())) {
    fs::create_directories(folder_);
    std::vector<std::string> leads(signal::kStandardLeads.begin(), signal::kStandardLeads.end());
    std::ranges::reverse(leads);
    signal::Recording recording(leads, 20, 250);
    for (std::size_t l = 0; l < 12; ++l)
      std::ranges::fill(recording.lead(l), static_cast<float>(11 - l) / 10);
    format::write_wfdb(folder_ / "ecg", recording, {});
  }
  ~NamedRecording() { fs::remove_all(folder_); }

  StoredSignal read(const std::string& ecg_path, bool named_leads_only) const {
    format::MatWriter writer;
    const std::vector<std::string> paths = {ecg_path};
    writer.add(format::mat_text("ecg_path", paths));
    const std::vector<std::int64_t> leads = {2, 11}, label = {0, 1};
    writer.add(format::mat_row<std::int64_t>("lead", leads));
    writer.add(format::mat_row<std::int64_t>("label", label));
    writer.write(folder_ / "named.mat");
    return RecordingSource(folder_, {"named.mat"}, {20}, {.named_leads_only = named_leads_only})
        .read(0);
  }
  fs::path path() const { return folder_; }

 private:
  fs::path folder_;
};

}  // namespace

TEST_CASE("a recording that a .mat file names comes in standard lead order") {
  const NamedRecording named;
  for (const std::string& path : {std::string("ecg"), (named.path() / "ecg").string()}) {
    const StoredSignal stored = named.read(path, false);
    CHECK(stored.rate_hz == 250);
    CHECK(stored.label == std::vector<float>{0, 1});
    REQUIRE(stored.signal.leads == 12);
    for (std::int64_t l = 0; l < 12; ++l)
      CHECK(stored.signal.lead(l)[7] == doctest::Approx(static_cast<double>(l) / 10).epsilon(1e-3));
  }
}

TEST_CASE("only the leads that the .mat file names are kept on request") {
  const StoredSignal stored = NamedRecording().read("ecg", true);
  for (std::int64_t l = 0; l < 12; ++l)
    CHECK((stored.signal.lead(l)[0] != 0) == (l == 2 || l == 11));
}

TEST_CASE("the order of the file is kept on request, as the reference does") {
  const NamedRecording named;
  named.read("ecg", false);
  const StoredSignal stored =
      RecordingSource(named.path(), {"named.mat"}, {20}, {.file_order = true}).read(0);
  for (std::int64_t l = 0; l < 12; ++l)
    CHECK(stored.signal.lead(l)[7] ==
          doctest::Approx(static_cast<double>(11 - l) / 10).epsilon(1e-3));
}

TEST_CASE("labels of some heads only") {
  const NamedRecording named;
  const auto write = [&](const std::vector<std::int64_t>& heads) {
    format::MatWriter writer;
    writer.add(format::mat_text("ecg_path", std::vector<std::string>{"ecg"}));
    writer.add(format::mat_row<std::int64_t>("label", std::vector<std::int64_t>{0, 1}));
    writer.add(format::mat_row<std::int64_t>("target_idx", heads));
    writer.add(format::mat_row<std::int64_t>("attribute_id", heads));
    writer.write(named.path() / "heads.mat");
  };
  const RecordingSource source(named.path(), {"heads.mat"}, {20}, {});
  write({7, 3});
  const StoredSignal stored = source.read(0);
  CHECK(stored.target_idx == std::vector<std::int64_t>{7, 3});
  CHECK(stored.attribute_id == stored.target_idx);
  write({7});
  CHECK_THROWS_WITH_AS(source.read(0), doctest::Contains("target_idx: got 1 numbers, want 2"),
                       Error);
}

TEST_CASE("a path that leaves the folder of the manifest is refused") {
  const NamedRecording named;
  CHECK_THROWS_WITH_AS(named.read("../ecg", false), doctest::Contains("leaves the folder"), Error);
  CHECK_THROWS_AS(named.read("absent", false), Error);
}
