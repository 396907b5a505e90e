// Waveforms packed by Philips' XLI: LZW and differences.
#include "einthoven/format/sierra_xli.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::try_parse([&] { format::decode_xli(fuzz::bytes_of(data, size), "r.xml"); });
}
