#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/base/npy.h"
#include "einthoven/format/convert_recording.h"
#include "temporary_folder.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

void write_record(const TemporaryFolder& folder) {
  signal::Recording recording({"I", "II"}, 4, 100);
  for (std::size_t i = 0; i < 8; ++i) recording.samples()[i] = static_cast<float>(i) / 1000;
  write_wfdb(folder.path() / "r", recording);
}

}  // namespace

TEST_CASE("ADC integers go out as they are, with what is needed to read them back") {
  const TemporaryFolder folder;
  write_record(folder);
  ConvertOptions options;
  options.digital = true;
  const auto done = convert_recording(folder.path() / "r", folder.path() / "adc.npy", options);
  CHECK(done.lead_count == 2);
  const auto array = read_npy(folder.path() / "adc.npy");
  CHECK(array.dtype == "<i4");
  CHECK(array.as_int64() == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(read_recording(folder.path() / "adc.npy").lead(1)[3] == 0.007F);
  CHECK_THROWS_AS(convert_recording(folder.path() / "r", folder.path() / "adc.csv", options),
                  Error);
  CHECK_THROWS_AS(convert_recording(folder.path() / "adc.npy", folder.path() / "b.npy", options),
                  Error);
}

TEST_CASE("leads are chosen by name") {
  const TemporaryFolder folder;
  write_record(folder);
  ConvertOptions options;
  options.leads = {"ii"};
  convert_recording(folder.path() / "r.hea", folder.path() / "x.csv", options);
  const auto read = read_recording(folder.path() / "x.csv");
  CHECK(read.leads == std::vector<std::string>{"II"});
  CHECK(read.lead(0)[0] == 0.004F);
  options.leads = {"V9"};
  CHECK_THROWS_AS(convert_recording(folder.path() / "r", folder.path() / "y.csv", options), Error);
}
