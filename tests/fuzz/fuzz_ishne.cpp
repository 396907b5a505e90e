// ISHNE Holter files.
#include "einthoven/format/ishne_recording.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return einthoven::fuzz::read_as_file(data, size, "r.ecg",
                                       einthoven::format::read_ishne_recording);
}
