// Philips Sierra XML, with XLI inside.
#include "einthoven/format/xml_recording.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return einthoven::fuzz::read_as_file(data, size, "r.xml",
                                       einthoven::format::read_sierra_recording);
}
