// WFDB annotation files.
#include "einthoven/format/wfdb_annotation.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::try_parse([&] {
    wfdb_annotation_bytes(format::parse_wfdb_annotations(fuzz::bytes_of(data, size), "r.atr"));
  });
}
