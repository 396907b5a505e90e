#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "einthoven/corpus/extract.h"
#include "einthoven/format/wfdb_signal.h"
#include "einthoven/format/wfdb_write.h"

using namespace einthoven;
using namespace einthoven::corpus;

namespace {

const std::vector<std::string> kNames = {"I",  "II", "III", "aVR", "aVL", "aVF", "V1", "V2",
                                         "V3", "V4", "V5",  "V6",  "vx",  "vy",  "vz"};

void write_leads(const fs::path& record, std::size_t count, int format) {
  const std::vector<std::string> names(kNames.begin(), kNames.begin() + static_cast<long>(count));
  signal::Recording recording(names, 1003, 500);
  for (std::size_t i = 0; i < recording.samples().size(); ++i)
    recording.samples()[i] = static_cast<float>(i * 7919 % 4001) / 1000 - 2;
  recording.lead(count - 1)[500] = std::nanf("");
  format::WfdbWriteOptions options;
  options.format = format;
  options.gain_adu_per_mv = 971;
  options.baseline = -13;
  format::write_wfdb(record, recording, options);
}

}  // namespace

TEST_CASE("every way of reading a record gives the same doubles") {
  const fs::path folder = fs::temp_directory_path() / "einthoven_test_extract";
  fs::create_directories(folder);
  for (const std::size_t count : {2, 4, 5, 12, 15})
    for (const int format : {16, 24}) {
      const fs::path record = folder / ("r" + std::to_string(count));
      write_leads(record, count, format);
      const auto stored = format::read_wfdb(record);
      const Extract extract = extract_record(record, parse_leads({}, false));
      REQUIRE(extract.length == 1003);
      std::size_t wrong = 0;
      for (std::size_t l = 0; l < std::min<std::size_t>(count, 12); ++l) {
        const auto want = stored.physical(l);
        for (std::size_t i = 0; i < want.size(); ++i)
          wrong += extract.lead(l)[i] == want[i] ||
                           (std::isnan(want[i]) && std::isnan(extract.lead(l)[i]))
                       ? 0
                       : 1;
      }
      CHECK(wrong == 0);
      CHECK(extract.notes.empty());
      Extract digital =
          extract_record(record, parse_leads({}, false), {}, SampleKind::digital_if_plain);
      CHECK(digital.digital.empty() == (format != 16 || count < 12));
      CHECK(digital.leads() == extract.leads());
      digital.make_physical();
      CHECK(std::memcmp(digital.samples.data(), extract.samples.data(),
                        extract.samples.size() * sizeof(double)) == 0);
      CHECK(digital.digest == extract.digest);
    }
  fs::remove_all(folder);
}
