// EDF, EDF+ and BDF.
#include "einthoven/format/edf_recording.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return einthoven::fuzz::read_as_file(data, size, "r.edf", einthoven::format::read_edf_recording);
}
