// NumPy archives: zip, inflate, arrays.
#include "einthoven/format/npz_recording.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return einthoven::fuzz::read_as_file(data, size, "r.npz", einthoven::format::read_npz_recording);
}
