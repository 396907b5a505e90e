// SCP-ECG.
#include "einthoven/format/scp_recording.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return einthoven::fuzz::read_as_file(data, size, "r.scp", einthoven::format::read_scp_recording);
}
