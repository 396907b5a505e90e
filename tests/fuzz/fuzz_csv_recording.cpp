// Recordings as CSV tables.
#include "einthoven/format/csv_recording.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return einthoven::fuzz::read_as_file(data, size, "r.csv", einthoven::format::read_csv_recording);
}
