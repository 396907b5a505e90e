// Every reader of recordings: the registry sniffs the format of the bytes.
#include "einthoven/format/registry.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return einthoven::fuzz::read_as_file(data, size, "r.any", einthoven::format::read_recording);
}
